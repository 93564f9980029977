# SPDX-License-Identifier: MIT
# What the documents of contract.md look like. Each filter prints one line for each thing that is wrong.

def always: ["ok", "stdout", "stderr", "durationMs", "cpuTimeMs"];

def keys_are($must; $may):
  keys as $have
  | ($must - $have | .[] | "no member \(.)"), ($have - $must - $may | .[] | "an unexpected member \(.[:40])");

def texts($name): if type == "array" and all(.[]; type == "string") then empty else "\($name) holds something else than texts" end;

def error_shape:
  keys_are(["code", "origin", "name", "message"]; ["stack", "fields", "file", "line", "column", "frame", "hint"]),
  (to_entries[] | select(.key | IN("code", "name", "message", "stack", "frame", "hint")) | select(.value | type != "string")
    | "error.\(.key) is no text"),
  (select(.origin | IN("agent", "caller", "iso4") | not) | "error.origin is \(.origin)"),
  (to_entries[] | select(.key | IN("line", "column")) | select(.value | type != "number" or . < 1 or . != floor)
    | "error.\(.key) is no place"),
  (select(has("fields")) | .fields | select(type != "object") | "error.fields is no object"),
  (.stack // "" | tostring | select(test("iso4 runtime:[0-9]+:[0-9]+\\)?(\n|$)|/usr/|/tmp/|/home/") or contains($ENV.HOSTILE)) | "error.stack shows the host or the runtime");

def common_shape:
  (.stdout | texts("stdout")), (.stderr | texts("stderr")),
  (.durationMs, .cpuTimeMs, .stripMs // 0 | select(type != "number" or . < 0 or . > 600000) | "a time of \(.) ms");

def call_shape:
  keys_are(["name", "startMs", "durationMs", "argBytes", "resultBytes", "ok"]; ["blocked", "pending"]),
  (select(.startMs < 0 or .durationMs < 0 or .startMs + .durationMs > 600000) | "a call at \(.startMs) ms");

def run_shape:
  common_shape,
  (if .ok == true then
    (select(.status != "completed") | "status \(.status)"),
    keys_are(always + ["status", "exports", "heapUsedBytes", "bridgeCalls"];
      ["droppedStdout", "droppedStderr", "skippedExports", "hint", "stripMs", "truncated", "unlistedBridgeCalls"]),
    (.hint // "" | select(type != "string") | "hint is no text"),
    (select(.exports | type != "object") | "exports is no object")
  else
    keys_are(always + ["status", "error", "heapUsedBytes", "bridgeCalls"];
      ["droppedStdout", "droppedStderr", "stripMs", "truncated", "unlistedBridgeCalls"]),
    (.error | error_shape)
  end),
  (.bridgeCalls[] | call_shape);

def precompile_shape:
  common_shape,
  (if .ok == true then
    keys_are(always + ["snapshot", "bytes", "sha256"]; ["droppedStdout", "droppedStderr"])
  else
    keys_are(always + ["status", "error", "heapUsedBytes", "bridgeCalls"]; ["droppedStdout", "droppedStderr", "stripMs"]),
    (.error | error_shape)
  end);
