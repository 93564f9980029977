#!/bin/sh
# CompressionStream and DecompressionStream in the sandbox: limits, snapshots, forks. What the formats give is measured by
# tests/conformance/areas/compression.js.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

THROUGH='const through = async (data, stream) => new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(stream)).arrayBuffer());'
# gzip of 100 MiB of zeros would be 100 KB: this one is compressed twice.
BOMB='let z = new Uint8Array(2 ** 20); { const s = new CompressionStream("gzip"), w = s.writable.getWriter(); (async () => { for (let i = 0; i < 200; i++) await w.write(z); await w.close(); })(); z = new Uint8Array(await new Response(s.readable).arrayBuffer()); }'

test_that 'what gzip(1) has compressed is read, and what is compressed gzip(1) reads'
printf 'a text\n%.0s' 1 2 3 4 >text
gzip -c text | od -An -v -tu1 | tr -s ' \n' ',,' | sed 's/^,//; s/,$//' >numbers
agent "$THROUGH export default [await new Response(new Blob([Uint8Array.of($(cat numbers))]).stream().pipeThrough(new DecompressionStream('gzip'))).text(), [...await through('a text', new CompressionStream('gzip'))]];"
exits 0
json '.exports.default[0]' '"a text\na text\na text\na text\n"'
jq -r '.exports.default[1][]' out | awk '{ printf "\\%03o", $1 }' >octal
# shellcheck disable=SC2059 # the format is the data
is 'gzip -d' "$(printf "$(cat octal)" | gzip -dc)" 'a text'

test_that 'runs of a batch compress alike'
echo "$THROUGH export default [...await through('abc'.repeat(99), new CompressionStream('deflate'))].join();" >agent.js
iso run agent.js
alone=$(jq -r .exports.default out)
iso run -j 2 agent.js agent.js agent.js
exits 0
is 'outputs' "$(jq -r .exports.default out | sort -u)" "$alone"

test_that 'a small text that becomes a large one meets the memory limit'
agent "$THROUGH $BOMB console.log(z.length < 300000); await through(z, new DecompressionStream('gzip'));" --memory-mb 64 --cpu-time-ms 30000
fails ERR_MEMORY_LIMIT
json .stdout '["true"]'

test_that 'one that does not end meets the limit on CPU time'
agent 'const s = new CompressionStream("gzip"), w = s.writable.getWriter(), r = s.readable.getReader(), z = new Uint8Array(2 ** 20); (async () => { for (;;) await r.read(); })(); for (;;) await w.write(z);' --cpu-time-ms 300
fails ERR_CPU_TIMEOUT

test_that 'streams that are never finished are collected like any object'
agent 'for (let i = 0; i < 3000; i++) { new CompressionStream("gzip"); if (i % 50 === 0) await new Promise((done) => setTimeout(done)); } export default 1;' --memory-mb 96 --cpu-time-ms 30000
completes '{"default":1}'

test_that 'a stream that a prefix began says so in a run, and a new one works'
prefix 'globalThis.begun = new CompressionStream("gzip"); globalThis.writer = begun.writable.getWriter(); globalThis.Mine = CompressionStream;'
agent "$THROUGH const error = await Promise.all([writer.write(new Uint8Array(9)), begun.readable.getReader().read()]).catch(String); export default [error, (await through('abc', new Mine('gzip'))).length, Mine === CompressionStream];" -s p.snap
completes '{"default":["TypeError: the stream was begun while the snapshot was made: begin it in the run",23,true]}'

test_that 'a prefix compresses, and its snapshot is the same each time'
P="$THROUGH globalThis.kept = await through('abc'.repeat(99), new CompressionStream('gzip'));"
prefix "$P"
jq -r .sha256 out >first
prefix "$P"
jq -r .sha256 out >second
holds 'the same' cmp first second
agent 'export default new TextDecoder().decode(await new Response(new Blob([kept]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()).length;' -s p.snap
completes '{"default":297}'

test_that 'an error says what is wrong with the data'
agent "$THROUGH await through('no gzip', new DecompressionStream('gzip'));"
fails ERR_USER_CODE
json '.error | [.name, .message]' '["TypeError","DecompressionStream: the data is not of the format gzip"]'

test_done
