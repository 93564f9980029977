#!/bin/sh
# SPDX-License-Identifier: MIT
# t-docs.sh - holds man pages, README, examples and --help to one another and to the tool.
#
# ISO4 is the program, build/bin/iso4 by default. Needs jq; python3 and mandoc are used where they are installed.
# Transcripts in man pages and Markdown files are taken out by tests/docs/extract.awk, run in a fresh directory and
# compared whole; tests/docs/mask.sed says what may differ.
set -u
LC_ALL=C
export LC_ALL

root=$(cd "${0%/*}/.." && pwd) || exit 1
: "${ISO4:=$root/build/bin/iso4}"
case $ISO4 in
/*) ;;
*) ISO4=$PWD/$ISO4 ;;
esac
PATH=${ISO4%/*}:$PATH
man=$root/man
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
cd "$tmp" || exit 1

command -v jq >/dev/null || {
    echo 'Bail out! jq is needed'
    exit 1
}
[ -x "$ISO4" ] || {
    echo "Bail out! no program at $ISO4"
    exit 1
}

# ---- TAP

count=0
failed=0

# ok STATUS NAME
ok() {
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $count - $2"
    else
        echo "not ok $count - $2"
        failed=1
    fi
}

skip() {
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

# same WANT GOT NAME: two files, neither of them empty
same() {
    if [ -s "$1" ] && diff -u "$1" "$2" >diff.out 2>&1; then
        ok 0 "$3"
    else
        ok 1 "$3"
        if [ -s "$1" ]; then sed 's/^/# /' diff.out; else echo "# nothing to compare with"; fi
    fi
}

# ---- commands

# commands of `iso4 help`: name, tab, sentence
COLUMNS=1000 # an option a line
export COLUMNS
"$ISO4" help | sed -n 's/^  iso4 \([a-z]*\)  *\([A-Z][a-z].*\)$/\1	\2/p' | sort >help.commands
awk '/^\.Sh / { on = /DESCRIPTION/ } on && /^\.It Cm [a-z]*$/ { name = $3; getline; print name "\t" $0 }' "$man/iso4.1" | sort >man.commands
same help.commands man.commands 'iso4(1) lists the commands of iso4 help, in the same words'

{
    echo iso4.1
    sed 's/^\([a-z]*\).*/iso4-\1.1/' help.commands
    echo iso4-globals.5
    echo iso4-imports.5
    echo iso4-fetch.5
    echo iso4-result.5
    echo iso4-record.5
    echo iso4-snapshot.5
    echo iso4-api.7
    echo iso4-serve.7
    echo iso4-mcp.7
    echo iso4-howto.7
} | sort >want.pages
(cd "$man" && ls) >got.pages
same want.pages got.pages 'each command has a man page, and there are no others'

for page in "$man"/*; do
    name=${page##*/}
    printf '%s\n' "$name" | tr '[:lower:].' '[:upper:] ' >want
    sed -n 's/^\.Dt //p' "$page" >got
    same want got "$name has its own title"
    sed -n 's/^\.Xr \([^ ]*\) \([0-9]\).*/\1.\2/p' "$page" | sort -u | while read -r other; do
        [ -f "$man/$other" ] || echo "$other"
    done >dangling
    [ ! -s dangling ]
    ok $? "$name refers to pages that exist"
done

# ---- options and limits

# man_items PAGE: the options of the page's lists as `iso4 help` shows them, tab, the sentence that follows
man_items() {
    awk '/^\.It Fl / {
        sub(/^\.It /, "")
        gsub(/ Ns \| Ns Ar /, "|")
        if (sub(/ Ns Op = Ns Ar /, "[="))
            $0 = $0 "]"
        gsub(/Fl -/, "--")
        gsub(/Fl /, "-")
        gsub(/ ,/, ",")
        gsub(/Ar /, "")
        item = $0
        getline
        print item "\t" $0
    }' "$1" | sort
}

# help_items COMMAND: the same from `iso4 help COMMAND`, with the sentence as a man page writes it
help_items() {
    "$ISO4" help "$1" | awk '/^  +-/ {
        sub(/^ +/, "")
        at = match($0, /   *[^ ]/)
        item = substr($0, 1, at - 1)
        help = substr($0, at)
        sub(/^ +/, "", help)
        print item "\t" toupper(substr(help, 1, 1)) substr(help, 2) "."
    }' | sort
}

# man_limits PAGE: flag, JSON name, least and most of each limit
man_limits() {
    awk '/^\.It Fl -[a-z-]+ Ar N$/ { flag = substr($3, 2) }
        /^\.Cm [a-zA-Z]+ ,$/ && flag != "" { name = $2 }
        /^from [0-9]+ to [0-9]+\.$/ && name != "" { print flag, name, $2, $4 + 0; flag = name = "" }' "$1"
}

# said_range OPTION VALUE: the range that a refusal names, as "NAME LEAST MOST"
said_range() {
    "$ISO4" run "$1" "$2" -e 0 2>&1 |
        sed -nE 's/^iso4: (--limits: |--)([a-zA-Z-]+) must be 0 \(none\) or from ([0-9]+) to ([0-9]+), not .*/\2 \3 \4/p'
}

cut -f 1 help.commands >command.names
while read -r command; do
    help_items "$command" >want
    man_items "$man/iso4-$command.1" >got
    same want got "iso4-$command(1) has the options and limits of iso4 help $command, in the same words"
    "$ISO4" help "$command" >by-command
    "$ISO4" "$command" --help >by-option
    same by-command by-option "iso4 $command --help says the same as iso4 help $command"
done <command.names

"$ISO4" help run | sed -n '/^Limits/,$s/^      --\([a-z-]*\) N .*/\1/p' >flags
for page in iso4-run.1 iso4-precompile.1; do
    man_limits "$man/$page" >got
    cut -d ' ' -f 1 got >got.flags
    same flags got.flags "$page says name and range of every limit"
    while read -r flag name least most; do
        # cpuTimeMs is --cpu-time-ms
        kebab=$(printf '%s' "$name" | sed 's/[A-Z]/-&/g' | tr '[:upper:]' '[:lower:]')
        [ "$kebab" = "$flag" ]
        ok $? "$page: $name is named like --$flag"
        printf '%s\n' "$flag $least $most" "$name $least $most" >want
        {
            said_range "--$flag" 99999999999999
            said_range --limits "{\"$name\": 99999999999999}"
        } >said
        same want said "$page: --$flag and $name go from $least to $most"
    done <got
done

# ---- error codes and exit statuses

sed -n 's/^ *X([A-Z_]*, "\(ERR_[A-Z_]*\)", \([0-9]*\), [01], [01], [A-Z0-9]*).*/\1 \2/p' "$root/core/error.h" | sort >want
sed -n 's/^\.It Dv \(ERR_[A-Z_]*\) Pq \([0-9]*\)$/\1 \2/p' "$man/iso4-result.5" | sort >got
same want got 'iso4-result(5) has the error codes of core/error.h with their exit statuses'
{
    echo ERR_ABORTED
    sed -n 's/^\(ERR_[A-Z_]*\) 3$/\1/p' want
} | sort >repeat
sed -n 's/^ *X([A-Z_]*, "\(ERR_[A-Z_]*\)", [0-9]*, [01], 0, [A-Z0-9]*).*/\1/p' "$root/core/error.h" | sort >notfinal
same repeat notfinal 'iso4-result(5) says which codes are not final: ERR_ABORTED and those with exit status 3'
{ cut -d " " -f 1 want; echo ERR_QUEUE_FULL; } | sort >codes # the last one of a request to serve, never of a RunResult
sed -nE 's/^ *X\([A-Z_]+, "(ERR_[A-Z_]+)", [0-9], [01], 0, [A-Z0-9]+\).*/\1/p' "$root/core/error.h" | sort >want.again
awk '/^\.It the / { on = $3 == "machine" } on && /^\.Dv ERR_/ { print $2 }' "$man/iso4-batch.1" | sort >got
same want.again got 'iso4-batch(1) has the codes that are not final'
grep '| the machine:' "$root/README.md" | grep -o 'ERR_[A-Z_]*' | sort >got
same want.again got 'and so has README.md'
grep '| the caller:' "$root/README.md" | grep -o 'ERR_[A-Z_]*' | sort >want
awk '/^\.It the / { on = $3 == "caller" } on && /^\.Dv ERR_/ { print $2 }' "$man/iso4-batch.1" | sort >got
same want got 'both name the same codes of the caller'
sed -nE 's/^ *X\([A-Z_]+, "(ERR_[A-Z_]+)", [0-9], [01], [01], CALLER\).*/\1/p' "$root/core/error.h" | sort >want
same want got 'which are those of this origin in core/error.h'
sed -nE 's/^ *X\([A-Z_]+, "(ERR_[A-Z_]+)", [0-9], [01], [01], ISO4\).*/\1/p' "$root/core/error.h" | sort >got
same want.again got 'and those that are not final are of the origin iso4'
grep -oh 'ERR_[A-Z_]*' "$man"/* "$root/README.md" "$root/examples/README.md" "$root/examples/harness.py" | sort -u >mentioned
sort -u codes mentioned >both
same codes both 'no other error code is mentioned'

echo '{ "ask": { "returns": 1, "approval": "ask" } }' >ask.json
{
    "$ISO4" run -e 1 >/dev/null 2>&1
    echo $?
    "$ISO4" run -e 'throw 1' >/dev/null 2>&1
    echo $?
    "$ISO4" run --no-such-option >/dev/null 2>&1
    echo $?
    printf iso4snap >cut.snap
    "$ISO4" run -s cut.snap -e 1 >/dev/null 2>&1
    echo $?
    "$ISO4" run -g ask.json --approve=pause --record paused.jsonl -e 'ask()' >/dev/null 2>&1
    echo $?
    timeout --preserve-status -s INT 0.3 "$ISO4" run -e 'for (;;);' >/dev/null 2>&1
    [ $? = 130 ] && echo 128+n
} >want
awk '/^\.Sh / { on = /EXIT STATUS/ } on && /^\.It / { print $2 }' "$man/iso4.1" >got
same want got 'iso4(1) has the exit statuses that iso4 gives'
"$ISO4" help | sed -n 's/^Exit status: //p' | tr ',' '\n' | awk '{ print $1 }' | sort >help.statuses
sort -u want >want.sorted
same want.sorted help.statuses 'iso4 help has the same'

# ---- layers of the sandbox

sed -n 's/^ *X([A-Z_]*, "\([a-z-]*\)", [01]).*/\1/p' "$root/sandbox/layers.h" | sort >want
awk '/^\.S[sh] / { on = /SECURITY/ } on && /^\.It Cm / { print $3 }' "$man/iso4.1" | sort >got
same want got 'iso4(1) has the layers of sandbox/layers.h'
"$ISO4" run -v -e 1 2>&1 >/dev/null | sed -n 's/^iso4: sandbox layers [a-z ]*: //p' | tr ',' '\n' | tr -d ' ' | sort >said
same said got 'and those that --verbose names, in force or not'
sed -n 's/^ *X([A-Z_]*, "\([a-z-]*\)", 0).*/\1/p' "$root/sandbox/layers.h" | sort >want
awk '/^Some machines/ { on = 1 } /^A run then/ { on = 0 } on && /^\.Cm / { print $2 }' "$man/iso4.1" | sort >got
same want got 'iso4(1) says which layers a machine may not give'

# ---- stub definitions

sed -n 's/^ *\.key = "\([a-zA-Z]*\)",$/\1/p' "$root"/host/kinds/*.c | sort >want
awk '/^\.S[sh] / { on = $0 == ".Ss Kinds" } on && /^\.It Cm / { print $3 }' "$man/iso4-globals.5" | sort >got
same want got 'iso4-globals(5) has the kinds of host/kinds'
sed -n 's/^ *X([A-Z_]*, "\([a-zA-Z]*\)", [a-z]*).*/\1/p' "$root/host/declared/stubs.h" | sort >want
awk '/^\.S[sh] / { on = $0 == ".Ss Options" } on && /^\.It Cm / { print $3 }' "$man/iso4-globals.5" | sort >got
same want got 'and the options'

# ---- members of a RunResult, and tags of values

members() {
    awk -v section="$1" '/^\.S[sh] / { on = $0 == ".Ss " section }
        on && /^\.It Va / { gsub(/,/, ""); for (i = 3; i <= NF; i++) print $i }' "$man/iso4-result.5" | sort
}

cat >all.js <<'JS'
console.log('kept');
console.log('dropped');
console.error('kept');
console.error('dropped');
export const unserializable = () => 1;
JS
cat >typo.js <<'JS'
throw Object.assign(new ReferenceError('consol is not defined'), { more: 1 });
JS
cat >many.js <<'JS'
for (let i = 0; i < 10; i++) await Promise.all(Array.from({ length: 10001 }, () => call()));
await call(() => 1);
JS
echo '{ "call": { "returns": 1 } }' >many.json
echo 'throw new Error("not in the agent")' >library.js
{
    "$ISO4" run --skip-unserializable --max-stdout-bytes 5 --max-stderr-bytes 5 all.js typo.js
    "$ISO4" run -g many.json --max-bridge-calls 0 many.js | jq -c '.bridgeCalls |= .[:1]'
    "$ISO4" run -e 'export const one = () => 1' --call one
    "$ISO4" run -g ask.json --approve=pause --record paused.again.jsonl -e 'ask()'
    "$ISO4" run --import library=library.js -e 'import "library"'
    echo '{ "id": 1, "code": "", "record": true }' | "$ISO4" batch
    "$ISO4" run -e 'export const a: number = 1'
    "$ISO4" run --max-output-bytes 1024 -e 'export default "a".repeat(2000)'
    "$ISO4" run --store kept.json -e 'store.set("a", 1)'
} >both.jsonl
jq -r 'keys[]' both.jsonl | sort -u >want
members Members >got
same want got 'iso4-result(5) has the members that RunResults have'
jq -r '.properties | keys[]' "$root/share/result.schema.json" | sort | comm -12 want - >got # it also has those of batch and serve
same want got 'result.schema.json has them'
jq -r '.error | objects | keys[]' both.jsonl | sort -u >want
members Errors >got
same want got 'and those of errors'
jq -r '."$defs".error.properties | keys[]' "$root/share/result.schema.json" | sort >got
same want got 'result.schema.json has them, too'

cat >values.js <<'JS'
export default ['\ud800', { '\ud800': 1 }, 1n, NaN, new Map(), new Set(), /x/, new Error(), undefined, { $type: 1 }, new DataView(new ArrayBuffer()),
    new ArrayBuffer(), ...[Uint8Array, Uint8ClampedArray, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array,
        Float16Array, Float32Array, Float64Array, BigUint64Array, BigInt64Array].map((type) => new type())];
JS
"$ISO4" run values.js | jq -r '.exports.default[]["$type"]' | sort >want
awk '/^\.Ss / { on = /Values/ } on && /^\.It [a-zA-Z0-9]+ Ta/ { print $2 }' "$man/iso4-result.5" | sort >got
same want got 'iso4-result(5) has the tags that values have'
{
    "$ISO4" run values.js
} | jq -c '.exports.default[] | [."$type"] + (keys - ["$type"])' | sort -u | tr -d '[]"' >want
awk '/^\.Ss / { on = /Values/ }
    on && /^\.It [a-zA-Z0-9]+ Ta/ {
        type = $2
        sub(/^[^:]*Ta /, "")
        if (/^the same/ || /Ta$/)
            words = "base64"
        else if (!/:/)
            words = ""
        else
            words = substr($0, 1, index($0, ":") - 1)
        gsub(/, /, ",", words)
        n = split(words, word, ",")
        if (n == 2 && word[1] > word[2])
            words = word[2] "," word[1]
        print type (words == "" ? "" : "," words)
    }' "$man/iso4-result.5" | sort >got
same want got 'and the members that go with each'

echo 'globalThis.x = 1' >x.js
printf '#!/bin/sh\n' >f && chmod +x f
echo '{"f":{"command":["./f"]}}' >x.defs
echo '{"m":{"exports":{"f":{"command":["./f"]}}}}' >x.imports
"$ISO4" precompile x.js -g x.defs --imports x.imports -o x.snap | jq -r 'keys[]' | sort >want
awk '/^\.Sh / { on = 0 } /^On success/ { on = 1 } /^On failure/ { on = 0 }
    on && /^\.It Va / { gsub(/,/, ""); for (i = 3; i <= NF; i++) print $i }' "$man/iso4-precompile.1" | sort >got
same want got 'iso4-precompile(1) has the members of what precompile prints'
"$ISO4" inspect --json x.snap | jq -r 'keys[]' | sort >want
awk '/^\.It Va / { gsub(/,/, ""); for (i = 3; i <= NF; i++) print $i }' "$man/iso4-inspect.1" | sort >got
same want got 'iso4-inspect(1) has the members of what inspect prints'

# ---- the head of a snapshot

# Reads the fields where the manual says they are, and compares with what can be known about the file otherwise.
number() {
    od -A n -t u8 -j "$1" -N "$2" x.snap | tr -d ' '
}

text() {
    dd if=x.snap bs=1 skip="$1" count="$2" status=none | tr -d '\000'
}

sed -n 's/^\.It \([0-9]*\) Ta \([0-9]*\) Ta \([a-z0-9_]*\) Ta .*/\1 \2 \3/p' "$man/iso4-snapshot.5" >fields
awk '$1 != at { exit 1 } { at += $2 } END { if (at != 256) exit 1 }' fields
ok $? 'the fields of the head follow one another and take 256 bytes'
while read -r offset size field; do
    case $field in
    magic | machine | v8 | engine) echo "$field $(text "$offset" "$size")" ;;
    format | unused | bytes | manifest_len | blob_at | blob_len | texts_len) echo "$field $(number "$offset" "$size")" ;;
    zeros) echo "$field $(text "$offset" "$size" | wc -c)" ;;
    digest | front_digest) echo "$field $(od -A n -t x1 -j "$offset" -N "$size" x.snap | tr -s ' 0\n' '\n' | sort -u | wc -l)" ;;
    *) echo "$field ?" ;;
    esac
done <fields >got
bytes=$(($(wc -c <x.snap)))
"$ISO4" inspect --json x.snap >x.json
texts=$(awk '$1 == "texts_len" { print $2 }' got)
manifest=$(tail -c +257 x.snap | head -c "$(awk '$1 == "manifest_len" { print $2 }' got)" | jq -c . | tr -d '\n' | wc -c)
{
    echo 'magic iso4snap'
    echo 'format 2'
    echo 'unused 0'
    echo "bytes $bytes"
    echo "manifest_len $((manifest))"
    echo "blob_at $(((256 + manifest + texts + 4095) / 4096 * 4096))"
    echo "blob_len $((bytes - (256 + manifest + texts + 4095) / 4096 * 4096))"
    jq -r '"machine \(.machine)", "v8 \(.v8)", "engine \(.engine)"' x.json
    echo "texts_len $texts"
    awk '$1 == "front_digest" && $2 > 4' got
    echo 'zeros 0'
    awk '$1 == "digest" && $2 > 4' got # 16 bytes that are not mostly alike
} >want
same want got 'iso4-snapshot(5) has the head of snapshots as they are'
tail -c +257 x.snap | head -c "$manifest" | jq -r 'keys[]' | sort >want
awk '/^\.Ss / { on = /Manifest/ } on && /^\.Va / { print $2 }' "$man/iso4-snapshot.5" | sort >got
same want got 'and the members of the manifest'

# ---- transcripts

cat >prologue.sh <<'SH'
say() {
    said_status=$?
    printf '%s\n' "$1"
    return "$said_status"
}
SH

# transcripts FILE DIRECTORY|-: runs those of FILE, each in a copy of DIRECTORY or in an empty one
transcripts() {
    file=$1 from=$2 name=${1#"$root"/}
    taken=$tmp/taken
    rm -rf "$taken"
    mkdir -p "$taken/files"
    awk -v out="$taken" -f "$root/tests/docs/extract.awk" "$file" || {
        ok 1 "$name can be taken apart"
        return
    }
    ls "$taken"/*.sh >/dev/null 2>&1
    ok $? "$name has transcripts"
    for script in "$taken"/*.sh; do
        [ -e "$script" ] || continue
        part=${script%.sh}
        what="$name:$(cat "$part.line"): $(sed -n '1s/^\$ //p' "$part.want")"
        if grep -qE '^python3 |/python\.json' "$script" && ! command -v python3 >/dev/null; then
            skip "$what" 'no python3'
            continue
        fi
        rm -rf "$tmp/here"
        if [ "$from" = - ]; then mkdir "$tmp/here"; else cp -R "$from" "$tmp/here"; fi
        cp -R "$taken/files/." "$tmp/here/"
        (cd "$tmp/here" && cat "$tmp/prologue.sh" "$script" >"$tmp/run.sh" && exec sh "$tmp/run.sh" </dev/null >"$tmp/out" 2>&1)
        sed -E -f "$root/tests/docs/mask.sed" "$part.want" >want
        sed -E -f "$root/tests/docs/mask.sed" out >got
        same want got "$what"
    done
}

for page in "$man"/*; do
    transcripts "$page" -
done
mkdir with-examples
cp -R "$root/examples" with-examples/examples
transcripts "$root/README.md" with-examples
transcripts "$root/examples/README.md" "$root/examples"

# Nothing that looks like a command may escape: every prompt of a page is in a transcript.
for page in "$man"/* "$root/README.md" "$root/examples/README.md"; do
    rm -rf taken
    mkdir -p taken/files
    awk -v out=taken -f "$root/tests/docs/extract.awk" "$page"
    grep -cE '^(\.Dl )?\$ ' "$page" >prompts
    cat taken/*.want | grep -c '^\$ ' >run.prompts
    same prompts run.prompts "${page#"$root"/}: every command is run"
done

# ---- examples

cat "$root"/examples/*/*.json >examples.json
(cd "$root/examples" && find . -type f ! -name README.md | sed 's|^\./||' | sort) >want
rm -rf taken
mkdir -p taken/files
awk -v out=taken -f "$root/tests/docs/extract.awk" "$root/examples/README.md"
while read -r file; do # by a command, or by definitions that a command names
    cat taken/*.sh examples.json | grep -qF -e "$file" -e "\"./${file##*/}\"" && echo "$file"
done <want >got
same want got 'every file of examples/ is used in its README.md'
[ ! -x "$root/examples/README.md" ] && [ -x "$root/examples/harness.sh" ] && [ -x "$root/examples/harness.py" ]
ok $? 'the harnesses can be executed'

# ---- README and CHANGELOG

readme=$root/README.md

# The output of `make demo` in README: the commands, then their output. They run here, not in the tree.
(unset MAKEFLAGS MAKELEVEL MFLAGS B && make -C "$root" --no-print-directory -n demo 2>/dev/null) | tail -n 2 >demo.commands
cp -R "$root/examples" examples
mkdir -p build/bin
ln -s "$ISO4" build/bin/iso4
while read -r command; do
    echo "$command"
    sh -c "$command" </dev/null 2>&1
done <demo.commands >got.raw
awk '/^```text$/ { on = !on; next } /^```/ { on = 0 } on' "$readme" >want.raw
sed -E -f "$root/tests/docs/mask.sed" want.raw >want
sed -E -f "$root/tests/docs/mask.sed" got.raw >got
same want got 'README.md shows what make demo prints'

grep -oE '\bmake [a-z0-9-]+' "$readme" | sed 's/make //' | sort -u >targets
sed -n 's/^\.PHONY: //p' "$root/Makefile" | tr ' ' '\n' | sort >phony
sort -u targets phony >both
[ -s targets ]
ok $? 'README.md names make targets'
same phony both 'and the Makefile has all of them'

# shellcheck disable=SC2016 # the ` are Markdown's
sed -n '/^```sh$/,/^```$/s/^make //p' "$root/CONTRIBUTING.md" | tr ' ' '\n' | grep -xE '[a-z][a-z0-9-]+' | sort -u >targets
[ -s targets ] && ! grep -vxF -f phony targets >unknown
ok $? 'CONTRIBUTING.md names targets that there are'
# shellcheck disable=SC2016
grep -oE '`(make|[a-zA-Z]+/)[^` *]*`' "$root/CONTRIBUTING.md" | tr -d '`' | grep -vE '^make|^build/|NAME' | sort -u >named
while read -r path; do
    [ -e "$root/$path" ] || echo "$path"
done <named >dangling
[ -s named ] && [ ! -s dangling ]
ok $? 'and files that exist'
sed 's/^/# /' dangling

(cd "$root" && for directory in */; do
    case $directory in
    build*) ;;
    *) echo "${directory%/}" ;;
    esac
done) | sort >want
awk '/^## / { on = $0 == "## The tree" } on && /^\| `[a-z]*\/` / { gsub(/[`\/]/, "", $2); print $2 }' "$readme" | sort >got
same want got 'README.md has every directory, and no other'

for document in README.md CONTRIBUTING.md examples/README.md; do
    grep -oE '\]\([^)#:]+\)' "$root/$document" | sed 's/.*(\(.*\))/\1/' | sort -u | while read -r link; do
        echo "$document $link" >>links
        [ -e "$root/$(dirname "$document")/$link" ] || echo "$document $link"
    done
done >dangling
[ -s links ] && [ ! -s dangling ]
ok $? 'README.md and its neighbours link to files that exist'

"$ISO4" --version >got
sed -n 's/^## \([0-9.]*\).*/iso4 \1/p' "$root/CHANGELOG.md" | head -n 1 >want
same want got 'the first version of CHANGELOG.md is that of the tool'
sed -n '1s/^iso4 (\(.*\)) .*/iso4 \1/p' "$root/debian/changelog" >want
same want got 'and so is that of debian/changelog'

# ---- form

if command -v mandoc >/dev/null; then
    for page in "$man"/*; do
        mandoc -T lint -W warning "$page" >lint.out 2>&1
        ok $? "${page##*/} is clean"
        sed 's/^/# /' lint.out
    done
else
    skip 'man pages are clean' 'no mandoc'
fi

echo "1..$count"
exit "$failed"
