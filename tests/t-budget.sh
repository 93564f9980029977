#!/bin/sh
# The output budget: what is cut and how, what stays, the list of it, and the files that --spill writes.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# Bytes of JSON of what counts.
counted='[(.exports // .value), .stdout, .stderr, .error.message, .error.stack, .error.fields] | map(select(. != null) | tojson | utf8bytelength) | add'
rows='Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `n${i}` }))'

test_that 'nothing changes without a budget, or within it'
agent "export const rows = $rows;"
json '[(.exports.rows | length), has("truncated")]' '[1000,false]'
agent "export const rows = $rows;" --max-output-bytes 100000
json '[(.exports.rows | length), has("truncated")]' '[1000,false]'

test_that 'the largest values are cut, the small ones stay'
agent "export const rows = $rows; export const small = { a: 1 }; console.log('short');" --max-output-bytes 1024
json '[.ok, .exports.small, .stdout, .exports.rows[0], .exports.rows[-1]["$type"]]' '[true,{"a":1},["short"],{"id":0,"name":"n0"},"cut"]'
json '(.exports.rows | length - 1) + .exports.rows[-1].items' 1000
json "$counted <= 1024" true
json '.truncated' '[{"path":"exports.rows","bytes":24781}]'

test_that 'texts end between characters'
for text in 'x' 'é' '€' '😀' '\u0000' 'a😀'; do
    agent "export default '$text'.repeat(2000);" --max-output-bytes 1024
    json "$counted <= 1024" true
    json '[.exports.default | strings | test("… \\[[0-9]+ more characters\\]$")] | length' 1
    json '.truncated | map(.path)' '["exports.default"]'
done

test_that 'console entries stay texts'
agent 'for (let i = 0; i < 500; i++) { console.log("out", i); console.error("err", i); }' --max-output-bytes 2000
json '[.stdout[0], .stderr[0], (.stdout | map(type) | unique), (.stdout[-1] | test("^… \\[[0-9]+ more lines\\]$"))]' '["out 0","err 0",["string"],true]'
json "$counted <= 2000" true
json '[.truncated[].path]' '["stdout","stderr"]'

test_that 'errors are cut, too'
agent 'const e = new TypeError("m".repeat(9000)); e.info = { text: "t".repeat(9000) }; throw e;' --max-output-bytes 3000
fails ERR_USER_CODE
json "$counted <= 3000" true
json '[.error.name, .error.line, [.truncated[].path]]' '["TypeError",1,["error.message","error.stack","error.fields.info.text"]]'

test_that 'the value of a call, and lists of what was skipped'
agent "export const f = () => $rows;" --call f --max-output-bytes 1024
json '[.value[-1]["$type"], .truncated[0].path]' '["cut","value"]'
agent 'export default 1; export const a = "a".repeat(3000);' --skip-unserializable --max-output-bytes 1024
json '[.exports.default, .skippedExports]' '[1,[]]'

test_that 'values of other types'
agent 'export const m = new Map(Array.from({ length: 500 }, (_, i) => [i, i])); export const b = new Uint8Array(5000); export const big = 10n ** 4000n;' --max-output-bytes 1024
json '[.exports.m["$type"], .exports.m.entries[0], .exports.m.entries[-1]["$type"], .exports.b["$type"], .exports.big["$type"]]' '["map",[0,0],"cut","cut","cut"]'

test_that 'a list of cuts that is too long says how much is missing'
agent 'export default Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`k${i}`, "x".repeat(500)]));' --max-output-bytes 40000
json '[(.truncated | length), .truncated[-1]]' '[101,{"more":50}]'

# ---- --spill

test_that '--spill keeps whole values in files of the folder'
mkdir spill && chmod 755 spill
agent "export const rows = $rows; export const text = '😀'.repeat(1000);" --max-output-bytes 1024 --spill spill
json '[.truncated[] | (.file == .sha256 + ".json")]' '[true,true]'
for at in 0 1; do
    kept=$(jq -r ".truncated[$at].file" out)
    digest=$(sha256sum "spill/$kept" | cut -d' ' -f1)
    is 'the name is the digest' "$digest.json" "$kept"
    is 'its mode' "$(stat -c %a "spill/$kept")" 600
    is 'its size' "$(stat -c %s "spill/$kept")" "$(jq ".truncated[$at].bytes" out)"
done
is 'the whole value' "$(jq length "spill/$(jq -r '.truncated[0].file' out)")" 1000
is 'nothing else is there' "$(find spill | wc -l)" 3

kept=$(jq -r '.truncated[0].file' out)

test_that 'a file of that name is replaced, also a link'
echo untouched >outside
ln -sf ../outside "spill/$kept"
agent "export const rows = $rows; export const text = '😀'.repeat(1000);" --max-output-bytes 1024 --spill spill
is 'the target of the link' "$(cat outside)" untouched
is 'the value' "$(jq length "spill/$kept")" 1000

test_that 'the same in a batch, with a budget of the job'
rm -f spill/*
printf '%s\n' '{"id": 1, "code": "export default \"x\".repeat(5000)", "limits": {"maxOutputBytes": 1024}}' '{"id": 2, "code": "export default \"x\".repeat(5000)"}' >jobs.jsonl
iso batch --ordered --spill spill jobs.jsonl
is 'jobs' "$(jq -c '[.id, (.exports.default | length) < 1024, has("truncated")]' out | tr '\n' ' ')" '[1,true,true] [2,false,false] '
is 'files' "$(find spill -type f | wc -l)" 1

test_that 'folders that cannot be used'
agent 1 --spill spill
refused '--spill needs --max-output-bytes'
agent 1 --max-output-bytes 1024 --spill nowhere
refused "'nowhere'" 'No such file'
echo 1 >file
agent 1 --max-output-bytes 1024 --spill file
refused "'file'" 'is none'
agent 1 --max-output-bytes 100
refused --max-output-bytes 1024

test_that 'a file that cannot be written is a failure of the machine'
rm -rf spill/*
kept=$(printf '"%05000d"' 0 | sha256sum | cut -d' ' -f1).json
mkdir "spill/$kept" && touch "spill/$kept/x"
agent 'export default "0".repeat(5000);' --max-output-bytes 1024 --spill spill
fails ERR_INTERNAL 3
json '.error.message | contains("spill/")' true

test_done
