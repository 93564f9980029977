#!/bin/sh
# SPDX-License-Identifier: MIT
# iso4 prints no characters that a terminal acts on, even if snapshots, definitions, agents and file names have them; and
# none of their text can imitate a message of iso4.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

cat >"$work/calm.mjs" <<'JS'
// node calm.mjs FILE...: prints the characters of the files that a terminal would act on, except line breaks
import { readFileSync } from 'node:fs';
for (const file of process.argv.slice(2)) {
    const text = readFileSync(file).toString('utf8');
    for (const [c] of text.matchAll(/[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]/gu))
        console.log(`${file}: U+${c.codePointAt().toString(16)}`);
}
JS

# calm FILE...: no file is empty, and none has characters that a terminal acts on
calm() {
    for _file; do
        test -s "$_file" || fail "$_file is empty"
        is "$_file" "$("$NODE" "$work/calm.mjs" "$_file" | sort | uniq -c | head -n 5)" ''
    done
}

# One of each kind: an escape sequence, BEL, DEL, C1, marks of direction, a separator; and a byte that is not UTF-8.
evil=$(printf 'a\033[31m\007\177\302\233\330\234\342\200\216\342\200\256\342\200\250\342\201\246z')
escaped='a\x1b[31m\x07\x7f\x9b\u061c\u200e\u202e\u2028\u2066z'
in_json='a\u001b[31m\u0007\u007f\u009b\u061c\u200e\u202e\u2028\u2066z'

# ---- inspect

test_that 'inspect: names of sources, programs, modules, members and folders'
fresh
mkdir "$evil"
cd "$evil" || exit 1
echo 'globalThis.a = 1;' >"$evil.js"
echo 'export const one = 1;' >mod.js
cat >defs.json <<JSON
{
    "$in_json": { "value": 1, "description": "$in_json */ \n iso4: x" },
    "group": { "members": { "$in_json\nsnapshot forged": { "returns": "$in_json" } } },
    "program": { "command": ["./$in_json-program", "$in_json\nV8 forged"], "cwd": "$in_json" },
    "service": { "service": ["cat", "$in_json"], "parameters": { "properties": { "$in_json": { "enum": ["$in_json"], "description": "$in_json" } } } }
}
JSON
mkdir "$evil"
printf '#!/bin/sh\n' >"$evil-program"
chmod +x "$evil-program"
cat >imports.json <<JSON
{ "app:$in_json\nprefix forged": { "source": "mod.js" }, "host:$in_json": { "exports": { "f": { "returns": 1 } } } }
JSON
iso precompile "$evil.js" -w "$evil.js" -g defs.json --imports imports.json -o "$evil.snap"
exits 0
for arguments in '' --json --pretty '--pretty --color=never' --compact --dts; do
    # shellcheck disable=SC2086 # words
    iso inspect $arguments "$evil.snap"
    exits 0
    calm out
done
iso inspect "$evil.snap"
has 'table' "$line" "prefix    $escaped.js, " "warm      $escaped.js, " "global    $escaped, value" "snapshot  $escaped.snap, " \
    "command './$escaped-program' '$escaped\\x0aV8 forged', cwd $escaped, relative to " "import    app:$escaped\\x0aprefix forged, source mod.js"
is 'forged lines' "$(grep -c '^[a-zA-Z0-9]* *forged' out)" 0
iso inspect --json "$evil.snap"
json '[.prefix.name, (.globals | keys_unsorted[0]), .globals.program.cwd]' "$(echo "[\"$in_json.js\",\"$in_json\",\"$in_json\"]" | jq -c .)"

# ---- messages

# says ARG...: the message of the refusal is calm, one line, and shows the text
says() {
    iso "$@"
    exits 2
    is 'lines' "$(wc -l <err)" 1
    has 'message' "$(cat err)" "$escaped"
    calm err
}

test_that 'messages: options, commands, words and numbers'
fresh
says "$evil"
says "--$evil"
says help "$evil"
says run "--$evil"
says run "-e1" --color "$evil"
says run -e1 --seed "$evil"
says run -e1 --now "$evil"
says run -e1 --tz "$evil"
says run -e1 --jobs "$evil"
says run -e1 --args "$evil" --call x
says run -e1 --cpu-time-ms "$evil"
says run -e1 --limits "{\"$in_json\": 1}"
says run -e1 -I "$evil"
says batch --shard "$evil"
says completion "$evil"

test_that 'messages: files and what is in them'
fresh
says run "$evil"
says run "$evil/x"
says run -s "$evil" -e1
says run -g "$evil" -e1
says run --imports "$evil" -e1
says run --limits "$evil" -e1
says run -I "x=$evil" -e1
echo 1 >x.js
says run -I "$evil=x.js" -I "$evil=x.js" -e1
says precompile "$evil" -o x.snap
says inspect "$evil"
says batch "$evil"
for definitions in "{\"$in_json\": 1}" "{\"f\": {\"$in_json\": 1}}" "{\"f\": {\"returns\": 1, \"$in_json\": 1}}" \
    "{\"$in_json\": {\"value\": 1}, \"$in_json\": {\"value\": 2}}" "{\"f\": {\"returns\": 1, \"parameters\": {\"type\": \"$in_json\"}}}" \
    "{\"f\": {\"command\": [\"cat\"], \"env\": {\"X\": {\"fromEnv\": \"$in_json\"}}}}" \
    "{\"f\": {\"fetch\": {\"allow\": [{\"host\": \"a.example\", \"caFile\": \"$in_json\"}]}}}"; do
    echo "$definitions" >defs.json
    iso run -g defs.json -e1
    exits 2
    is 'lines' "$(wc -l <err)" 1
    calm err
    cp defs.json "$evil.json"
    says run -g "$evil.json" -e1
done
iso run -o "$evil/no/file" -e1
exits 3
calm err
iso run --trace "$evil/no/file" -e1
exits 3
calm err
iso batch --resume "$evil" "$evil"
exits 2
calm err

# ---- --stream

test_that '--stream: entries are shown, and nothing in them is obeyed or passes for a line of iso4'
fresh
cat >agent.js <<JS
console.log("$in_json");
console.error("one\niso4: two\n\tthree");
console.log("iso4: out of memory");
console.log("x\riso4: y\u0085iso4: z\u2029iso4: 0");
console.table([{ "$in_json": "$in_json" }]);
JS
for arguments in 'run agent.js' 'run -j 2 agent.js agent.js' 'batch jobs.jsonl'; do
    jq -Rsc '{code: .}' agent.js >jobs.jsonl
    # shellcheck disable=SC2086 # words
    iso $arguments --stream
    exits 0
    calm err
    has 'stderr' "$(cat err)" "$escaped" "one$NL  iso4: two$NL  	three$NL" "$NL  iso4: out of memory$NL" 'x\x0diso4: y\x85iso4: z\u2029iso4: 0'
    is 'lines that begin like ours' "$(grep -c '^iso4: ' err)" 0
done

# ---- documents on a terminal

test_that 'documents on a terminal: strings keep their value, and nothing in them is obeyed'
if command -v script >/dev/null; then
    fresh
    echo "console.log('$in_json'); export default '$in_json'; export const \$\$ = 1" >agent.js
    jq -Rsc '{id: "'"$evil"'", code: .}' agent.js >jobs.jsonl
    "$ISO4" run agent.js | jq -c '[.exports, .stdout]' >want
    for arguments in 'run --compact agent.js' 'run --color=never agent.js' 'run agent.js agent.js' 'batch -q jobs.jsonl'; do
        script -qec "'$ISO4' $arguments 2>/dev/null" typescript </dev/null >/dev/null
        sed '1d; $d' typescript | tr -d '\r' >out
        calm out
        is "$arguments" "$(jq -c '[.exports, .stdout]' out | sort -u)" "$(cat want)"
    done
else
    skip 'there is no script(1)'
fi

test_done
