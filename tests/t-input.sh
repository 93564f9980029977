#!/bin/sh
# Bad and odd input: sources, command lines, outputs, standard descriptors. Each has its documented end: nothing
# hangs, nothing stays behind.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# Root may do everything: some tests are then made as another user.
# as_user COMMAND...
as_user() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups timeout 10 "$@"
    else
        timeout 10 "$@"
    fi
}
chmod 755 "$work" "$work/here"
no_user=
as_user test -r "$(dirname "$ISO4")/../lib/iso4/v8-host" >out 2>&1 || no_user="no other user can run $ISO4 here"

# ---- sources that cannot be read

# For agents and for prefixes alike.
# unreadable PATH TEXT...
unreadable() {
    path=$1
    shift
    iso run "$path"
    refused "$@"
    iso precompile "$path" -o x.snap
    refused "$@"
    iso precompile prefix.js --warm "$path" -o x.snap
    refused "$@"
    holds 'no snapshot' test ! -e x.snap
}
echo 1 >prefix.js

test_that 'a source that does not exist'
unreadable missing.js "'missing.js'" 'No such file'

test_that 'a source in a directory that does not exist'
unreadable no/such/dir.js "'no/such/dir.js'" 'No such file'

test_that 'a source that is a directory'
mkdir -p dir.js
unreadable dir.js "'dir.js'" 'directory'

test_that 'a source that may not be read'
echo 1 >secret.js
chmod 000 secret.js
if [ "$no_user" ]; then
    skip "$no_user"
else
    for arguments in 'run secret.js' 'run -s secret.js prefix.js' 'run --limits secret.js prefix.js' 'precompile secret.js -o /dev/null' 'inspect secret.js'; do
        # shellcheck disable=SC2086 # words
        as_user "$ISO4" $arguments >out 2>err
        status=$? line=$(cat out) command="iso4 $arguments"
        refused "'secret.js'" 'Permission denied'
    done
fi

test_that 'a source behind a file'
unreadable prefix.js/agent.js "'prefix.js/agent.js'" 'Not a directory'

test_that 'a source that is a loop of links'
ln -sf loop.js loop.js
unreadable loop.js "'loop.js'"

test_that 'a source without a name'
unreadable '' "''"

test_that 'a source with a name that is too long'
unreadable "$(head -c 300 /dev/zero | tr '\0' n).js" 'too long'

test_that 'a source that never ends is refused'
timed iso run /dev/zero
refused /dev/zero 'too large'
timed iso run - </dev/zero
refused 'too large'

test_that 'a source of 100 MB is refused or run, quickly and without a crash'
{
    echo 'export default 1; /*'
    head -c 100000000 /dev/zero | tr '\0' x
    echo '*/'
} >huge.js
timed iso run --limits '{"cpuTimeMs":20000}' huge.js
case $status in
2) refused huge.js 'too large' ;;
1) fails ERR_MEMORY_LIMIT ;;
*) completes '{"default":1}' ;;
esac
within 'ms' "$took" 0 20000

test_that 'a source of 5 MB runs'
{
    echo 'export default 1; /*'
    head -c 5000000 /dev/zero | tr '\0' x
    echo '*/'
} >large.js
iso run large.js
completes '{"default":1}'

test_that 'a line of 100 MB of code ends with the memory budget or is refused'
{
    printf 'export default [0'
    head -c 100000000 /dev/zero | tr '\0' ',' | sed 's/,/,1/g'
    echo '];'
} 2>/dev/null | head -c 100000000 >huge.js
timed iso run huge.js
case $status in
2) refused huge.js 'too large' ;;
*) fails "$(jq -r .error.code out | grep -xE 'ERR_(MEMORY_LIMIT|COMPILE|CPU_TIMEOUT)')" ;;
esac
within 'ms' "$took" 0 20000
rm -f huge.js large.js

# ---- sources in odd forms

test_that 'an empty source is an empty module'
: >agent.js
iso run agent.js
gives_nothing
iso run -e ''
gives_nothing
iso run - </dev/null
gives_nothing
iso precompile agent.js -o empty.snap -q
exits 0

test_that 'white space, comments and a lone semicolon are modules'
for code in ' ' "$NL$NL" '// only a comment' '/* */' ';'; do
    printf '%s' "$code" >agent.js
    iso run agent.js
    gives_nothing
done

test_that 'a byte order mark is no part of the source: columns are what an editor shows'
printf '%sexport default 1;\n' "$BOM" >agent.js
iso run agent.js
completes '{"default":1}'
printf '%snope;\n' "$BOM" >agent.js
iso run agent.js
json '.error | [.line, .column, .stack]' '[1,1,"ReferenceError: nope is not defined\n    at agent.js:1:1"]'

test_that 'a byte order mark is no part of a prefix, of -e and of standard input'
printf '%sglobalThis.a = 1;\n' "$BOM" >prefix.js
iso precompile prefix.js -o bom.snap -q
exits 0
iso run -s bom.snap -e "${BOM}export default a"
completes '{"default":1}'
printf '%sexport default 2;' "$BOM" >in
iso run - <in
completes '{"default":2}'

test_that 'a #! line is a comment, and line 2 is line 2'
printf '#!/usr/bin/env iso4 run\nexport default 1;\nnope;\n' >agent.js
iso run agent.js
fails ERR_USER_CODE
json '.error.line' 3
printf '#!/usr/bin/env iso4 run\nexport default 1;\n' >agent.js
iso run agent.js
completes '{"default":1}'

test_that 'CRLF and CR end lines'
printf 'const a = 1;\r\nconst b = 2;\r\nnope;\r\n' >agent.js
iso run agent.js
json '.error | [.line, .column, .frame]' '[3,1,"     1 | const a = 1;\n     2 | const b = 2;\n>    3 | nope;\n       | ^"]'
printf 'const a = 1;\rconst b = 2;\r  nope;\r' >agent.js
iso run agent.js
json '.error | [.line, .column]' '[3,3]'

test_that 'U+2028 and U+2029 end lines for positions and code frames alike'
printf 'const a = 1;\342\200\250const b = 2;\342\200\251  nope;\n' >agent.js
iso run agent.js
json '.error | [.line, .column]' '[3,3]'
has 'frame' "$(jq -r .error.frame out)" '>    3 |   nope;'

test_that 'a source without a last newline'
printf 'export default 1' >agent.js
iso run agent.js
completes '{"default":1}'

test_that 'a source that is not UTF-8 is refused with byte and line'
printf 'const a = 1;\nconst b = "\377";\n' >agent.js
unreadable agent.js "'agent.js'" 'not UTF-8' 'line 2'
for bytes in '\300\200' '\355\240\200' '\364\220\200\200' '\200' '\342\202' '\370\210\200\200\200' '\340\200\257'; do
    # shellcheck disable=SC2059 # escapes
    printf "// $bytes" >agent.js
    iso run agent.js
    refused 'not UTF-8' 'line 1'
done
iso run -e "$(printf '"\351"')"
refused 'not UTF-8'

test_that 'every valid UTF-8 is taken as it is'
printf '// \302\200\337\277\340\240\200\355\237\277\356\200\200\357\277\277\360\220\200\200\364\217\277\277\nexport default "\303\251\360\237\230\200";' >agent.js
iso run agent.js
completes "$(printf '{"default":"\303\251\360\237\230\200"}')"

test_that 'NUL in a source is a character like others'
printf 'export default "a\000b";' >agent.js
iso run agent.js
completes '{"default":"a\u0000b"}'
printf 'export default 1; // \000\nexport const b = 2;' >agent.js
iso run agent.js
json '.exports' '{"b":2,"default":1}'
printf '\000' >agent.js
iso run agent.js
fails ERR_COMPILE

test_that 'binary files are refused or do not parse'
head -c 50000 /dev/urandom >agent.js
iso run agent.js
refused 'not UTF-8'
iso run "$ISO4"
refused 'not UTF-8'
head -c 5000 /dev/zero >agent.js
iso run agent.js
fails ERR_COMPILE

test_that 'JSON, HTML and shell given as an agent do not parse'
for code in '{"a": 1,, "b": 2}' '<!DOCTYPE html><p>' 'echo hello; ls -l'; do
    echo "$code" >agent.js
    iso run agent.js
    fails ERR_COMPILE
    json '.error | [.name, .line]' '["SyntaxError",1]'
done

test_that 'a source of a hundred thousand brackets ends with an error'
head -c 100000 /dev/zero | tr '\0' '[' >agent.js
iso run agent.js
exits 1
holds 'code' jq -e '.error.code | test("^ERR_(COMPILE|USER_CODE|MEMORY_LIMIT)$")' out >/dev/null

test_that 'a source comes from a FIFO'
mkfifo fifo.js
echo 'export default "fifo";' >fifo.js &
iso run fifo.js
wait
completes '{"default":"fifo"}'

test_that 'a source comes from /dev/stdin'
echo 'export default "fd";' >in
iso run /dev/stdin <in
completes '{"default":"fd"}'

test_that 'standard input that is a directory, closed or write-only is refused'
iso run - <.
refused 'standard input'
iso run - <&-
refused 'standard input'

test_that 'a byte order mark is no part of JSON files and jobs'
mark=$(printf '\357\273\277')
echo "$mark"'{"one": {"value": 1}}' >globals.json
echo "$mark"'{"cpuTimeMs": 1000}' >limits.json
echo "$mark"'{"app:one": {"exports": {"one": {"value": 1}}}}' >imports.json
echo "$mark"'{"code": "export default 1"}' >jobs.jsonl
echo '{"code": "export default 2"}' >>jobs.jsonl
iso run -g globals.json --limits limits.json --imports imports.json -e 'import { one as two } from "app:one"; export default [one, two]'
completes '{"default":[1,1]}'
iso batch --ordered jobs.jsonl
exits 0
is 'exports' "$(jq -c .exports.default out | tr '\n' ' ')" '1 2 '
echo "$mark"'{"one": {"valu": 1}}' >globals.json
iso run -g globals.json -e 1
refused 'globals.json:1:10:'

test_that 'the nearest limit is named'
iso run --limits '{"cpuTimeM": 1}' -e 1
refused "'cpuTimeM'" "did you mean 'cpuTimeMs'?"

test_that 'UTF-16 and snapshots are named as what they are'
printf '\377\376e\000' >le.js
printf '\376\377\000e' >be.js
for file in le.js be.js; do
    iso run "$file"
    refused "'$file'" 'UTF-16' 'byte 1'
done
echo 1 >prefix.js
iso precompile prefix.js -o p.snap -q
iso run p.snap
refused "'p.snap'" '--snapshot'

test_that 'a result does not replace what is read, under no name'
echo 'export default 1;' >agent.js
ln -sf agent.js link.js
ln -f agent.js hard.js
echo '{}' >empty.json
kept=$(cat agent.js)
for output in agent.js ./agent.js link.js hard.js; do
    iso run agent.js -o "$output"
    refused "'agent.js'" 'name another file for the output'
    iso run -e 1 -I app:x=agent.js -o "$output"
    refused "'agent.js'" 'name another file for the output'
    iso precompile agent.js -o "$output"
    refused "'agent.js'" 'name another file for the output'
    iso precompile prefix.js -w agent.js -o "$output"
    refused "'agent.js'" 'name another file for the output'
done
iso run -e 1 -s p.snap -o p.snap
refused "'p.snap'"
for option in -g --imports --limits; do
    iso run -e 1 $option empty.json -o empty.json
    refused "'empty.json'"
done
is 'agent.js' "$(cat agent.js)" "$kept"
is 'empty.json' "$(cat empty.json)" '{}'
iso run agent.js -o other.json
exits 0
iso run agent.js -o other.json
exits 0

test_that 'inspect prints one thing'
iso inspect --json --dts p.snap
refused --json --dts

# ---- command lines

test_that 'unknown commands are refused'
iso frobnicate
refused frobnicate
iso ''
refused "''"
iso --frobnicate
refused --frobnicate 'behind a command'
iso precompil
refused "'precompil'" 'did you mean iso4 precompile?'
echo 'export default 1;' >agent.js
iso agent.js
refused "'agent.js'" 'iso4 run agent.js'

test_that 'without a command there is help and status 2'
timeout 10 "$ISO4" >out 2>err
status=$?
is 'exit status' $status 2
has 'help' "$(cat err)" 'iso4 run' 'iso4 precompile'
is 'standard output' "$(cat out)" ''

test_that 'unknown options are refused by name, with where to look'
for option in --bogus --bogus=1 -Z --no-pretty --Pretty; do
    iso run "$option" -e 1
    refused "${option%%=*}" 'iso4 help run'
done
iso precompile --stream prefix.js -o x.snap
refused --stream
iso inspect --snapshot a
refused --snapshot

test_that 'the nearest option is named'
iso run --pretyt -e 1
refused "'--pretyt'" 'did you mean --pretty?'
iso run --globls=x -e 1
refused 'did you mean --globals?'
iso run --xyzzy -e 1
refused "'--xyzzy'"
lacks 'stderr' "$(cat err)" 'did you mean'

test_that 'a letter that is no option is refused, also behind others'
iso run -qZ -e 1
refused "'-Z'"

test_that 'a missing value is refused'
for option in --snapshot --limits --cpu-time-ms -e -o -s --output --eval --color; do
    iso run agent.js "$option"
    refused "'$option'" 'needs a value'
done

test_that 'a value for an option that takes none is refused'
iso run --pretty=yes -e 1
refused --pretty 'no value'
iso run --jitless= -e 1
refused --jitless 'no value'

test_that 'a value that an option may have is one of its words'
for value in '' json jsonl,text; do
    iso run --stream="$value" -e 1
    refused '--stream takes text or jsonl, not' "'$value'"
done

test_that 'an abbreviation that is ambiguous is refused'
iso run --max 5 -e 1
refused "'--max'" ambiguous --max-timers --max-stdout-bytes
iso run --max=5 -e 1
refused "'--max=5'" ambiguous --max-timers
iso run --s -e 1
refused "'--s'" ambiguous

test_that 'long options take --name VALUE and --name=VALUE'
iso run --cpu-time-ms 5000 --wall-time-ms=5000 --eval 'export default 1'
completes '{"default":1}'
iso run --limits={} --eval='export default "a=b"'
completes '{"default":"a=b"}'

test_that 'short options take -o FILE and -oFILE, and can be joined'
iso run -oresult.json -qe 'export default 1'
exits 0
is 'file' "$(jq -c .exports result.json)" '{"default":1}'

test_that 'options may stand before and after operands'
echo 'export default 1;' >agent.js
echo 'export default 2;' >two.js
iso run agent.js --compact two.js --limits '{}'
exits 0
is 'exports' "$(jq -c .exports.default out | tr '\n' ' ')" '1 2 '
iso precompile prefix.js -q -o x.snap
exits 0

test_that '-- ends the options'
cp agent.js ./--pretty
cp agent.js ./-e
iso run -- --pretty
completes '{"default":1}'
iso run --compact -- -e agent.js --pretty
is 'files' "$(jq -c .file out | tr '\n' ' ')" '"-e" "agent.js" "--pretty" '
iso run -- -
gives_nothing

test_that 'an option that stands twice: the last one counts'
iso run --color=always --color=never -o one.json -o two.json agent.js
exits 0
holds 'first file' test ! -e one.json
is 'second file' "$(jq -c .exports two.json)" '{"default":1}'

test_that '--color takes three words'
iso run --color=sometimes agent.js
refused --color always
iso run --color= agent.js
refused --color

test_that 'help is asked for anywhere, and nothing is run'
iso run agent.js --help
exits 0
has 'help' "$(cat out)" 'Usage: iso4 run'
lacks 'help' "$(cat out)" '"ok"'

test_that 'messages show no control characters of the command line'
iso run "$(printf 'a\033[31m\nb.js')"
exits 2
lacks 'stderr' "$(cat err)" "$(printf '\033')"
is 'lines on stderr' "$(wc -l <err)" 1

test_that 'a command line of thousands of agents works'
i=0
set --
while [ $i -lt 150 ]; do
    set -- "$@" agent.js
    i=$((i + 1))
done
iso run "$@"
exits 0
is 'lines' "$(grep -c '"exports":{"default":1}' out)" 150

# ---- outputs that cannot be written

test_that 'an output in a directory that does not exist'
fresh
echo 'export default 1;' >agent.js
iso run agent.js -o no/result.json
unwritable no/result.json
is 'standard output' "$line" ''
iso precompile agent.js -o no/x.snap
unwritable no/x.snap
is 'standard output' "$line" ''
files agent.js

test_that 'an output that is a directory'
fresh
echo 'export default 1;' >agent.js
mkdir dir
for output in dir dir/ .; do
    iso run agent.js -o $output
    unwritable $output
    iso precompile agent.js -o $output
    unwritable $output
done
files agent.js dir

test_that 'an output without a name'
fresh
echo 'export default 1;' >agent.js
iso run agent.js -o ''
exits 3
is 'standard output' "$line" ''
iso precompile agent.js -o ''
exits 3
files agent.js

test_that 'an output in a directory that may not be written'
fresh
echo 'export default 1;' >agent.js
mkdir closed
chmod 555 closed
if [ "$no_user" ]; then
    skip "$no_user"
else
    for arguments in 'run agent.js -o closed/result' 'precompile agent.js -o closed/result'; do
        # shellcheck disable=SC2086
        as_user "$ISO4" $arguments >out 2>err
        status=$? line=$(cat out) command="iso4 $arguments"
        unwritable closed/result 'Permission denied'
        is 'standard output' "$line" ''
    done
    files agent.js closed
fi

test_that 'iso4 works for users without privileges and without a home'
if [ "$no_user" ]; then
    skip "$no_user"
else
    as_user env -i "$ISO4" run -e 'export default 1' >out 2>err
    status=$? line=$(cat out)
    completes '{"default":1}'
    is 'stderr' "$(cat err)" ''
fi

test_that 'an output on a file system that is read-only'
fresh
echo 'export default 1;' >agent.js
iso run agent.js -o /proc/result.json
unwritable /proc/result.json
iso precompile agent.js -o /proc/x.snap
unwritable /proc/x.snap

test_that 'an agent is not run when its result could not be written'
echo 'console.log("ran");' >agent.js
iso run agent.js --stream -o no/such/result.json
exits 3
lacks 'stderr' "$(cat err)" ran

test_that 'a full device: the result'
if [ -c /dev/full ]; then
    iso run agent.js -o /dev/full
    unwritable /dev/full 'No space left'
    timeout 10 "$ISO4" run agent.js >/dev/full 2>err
    status=$? line=''
    unwritable 'No space left'
    iso precompile agent.js -o /dev/full
    unwritable /dev/full 'No space left'
    timeout 10 "$ISO4" precompile agent.js -o x.snap >/dev/full 2>err
    status=$? line=''
    unwritable 'No space left'
    for arguments in 'help' '--version' 'help run' 'run --help' 'inspect x.snap' 'inspect --json x.snap'; do
        # shellcheck disable=SC2086 # words
        timeout 10 "$ISO4" $arguments >/dev/full 2>err
        status=$? command="iso4 $arguments >/dev/full"
        unwritable 'No space left'
    done
else
    skip 'there is no /dev/full'
fi

test_that 'a full disk: no half-written file, and an existing one is untouched'
fresh
echo 'export default "x".repeat(200000);' >agent.js
cat >full.sh <<'SH'
mkdir disk && mount -t tmpfs -o size=128k none disk || exit 99
echo precious >disk/p.snap && echo precious >disk/result.json || exit 98
"$ISO4" precompile agent.js -o disk/p.snap >out1 2>err1; echo $? >status1
"$ISO4" run agent.js -o disk/result.json >out2 2>err2; echo $? >status2
"$ISO4" precompile agent.js -o disk/new.snap >out3 2>err3; echo $? >status3
ls -A disk >left; cat disk/* >contents
SH
if ISO4=$ISO4 timeout 30 unshare -Urm sh full.sh 2>/dev/null; then
    for n in 1 2 3; do
        status=$(cat status$n) line=$(cat out$n)
        cp err$n err
        unwritable 'No space left'
        is 'standard output' "$line" ''
    done
    is 'files' "$(tr '\n' ' ' <left)" 'p.snap result.json '
    is 'contents' "$(cat contents)" "precious${NL}precious"
else
    skip 'unshare cannot make a file system here'
fi

test_that 'a file that may not grow: no half-written file, no death by SIGXFSZ'
fresh
echo 'export default "x".repeat(200000);' >agent.js
(
    ulimit -f 100
    timeout 20 "$ISO4" precompile agent.js -o p.snap >out 2>err
    echo $? >status
)
status=$(cat status) line=$(cat out)
rm status
unwritable p.snap 'File too large'
is 'standard output' "$line" ''
files agent.js

# ---- standard descriptors

test_that 'any of the standard descriptors may be closed'
fresh
echo 'console.log("log"); export default 1;' >agent.js
timeout 10 "$ISO4" run agent.js <&- >out 2>err
status=$? line=$(cat out) command='<&-'
completes '{"default":1}' '"log"'
timeout 10 "$ISO4" run agent.js 2>&- >out
status=$? line=$(cat out) command='2>&-'
completes '{"default":1}' '"log"'
timeout 10 "$ISO4" run agent.js <&- 2>&- >out
status=$? line=$(cat out) command='<&- 2>&-'
completes '{"default":1}' '"log"'
timeout 10 "$ISO4" run agent.js >&- 2>err
status=$? line='' command='>&-'
unwritable 'standard output'
timeout 10 "$ISO4" run agent.js <&- >&- 2>err
status=$? command='<&- >&-'
unwritable 'standard output'
timeout 10 "$ISO4" run agent.js >&- 2>&-
status=$? command='>&- 2>&-'
exits 3
timeout 10 "$ISO4" run agent.js <&- >&- 2>&-
status=$? command='<&- >&- 2>&-'
exits 3
files agent.js

test_that 'closed descriptors: --stream and --verbose write nowhere, least of all into files'
fresh
echo 'console.log("log"); console.error("log"); export default 1;' >agent.js
timeout 10 "$ISO4" run --stream -v agent.js 2>&- >out
status=$? line=$(cat out)
completes '{"default":1}' '"log"' '"log"'
timeout 10 "$ISO4" run --stream -v agent.js -o result.json <&- >&- 2>&-
is 'exit status' $? 0
is 'file' "$(jq -c '[.ok, .stdout]' result.json)" '[true,["log"]]'
timeout 10 "$ISO4" precompile agent.js -q -o p.snap <&- >&- 2>&-
is 'exit status' $? 0
is 'run from it' "$(timeout 10 "$ISO4" run -s p.snap -e 'export default 1' | jq -c .exports)" '{"default":1}'
files agent.js result.json p.snap

test_that 'precompile with closed descriptors leaves a whole snapshot or none'
fresh
echo 'globalThis.a = 1;' >prefix.js
timeout 10 "$ISO4" precompile prefix.js -o p.snap <&- >&- 2>err
status=$? line=''
unwritable 'standard output'
timeout 10 "$ISO4" precompile prefix.js -o p.snap <&- 2>&- >out
is 'exit status' $? 0
timeout 10 "$ISO4" run -s p.snap -e 'export default a' <&- 2>&- >out
status=$? line=$(cat out)
completes '{"default":1}'

test_that 'a usage error with closed descriptors has its status'
timeout 10 "$ISO4" run missing.js <&- >&- 2>&-
is 'exit status' $? 2

test_that 'standard output whose reader is gone: status 3, no signal, no hang, and no word'
fresh
echo 'export default "x".repeat(3e6);' >agent.js
"$ISO4" precompile agent.js -o p.snap -q
mkfifo pipe
echo '{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}' >request
echo '{"code": "1"}' >job
for arguments in 'run agent.js' 'run --pretty agent.js' 'run agent.js agent.js' 'help' 'help run' 'help --agent' '--version' 'run --help' \
    'inspect p.snap' 'inspect --json p.snap' 'completion bash' 'doctor --json' 'batch job' 'serve' 'mcp'; do
    cat pipe >"$work/first" &
    reader=$!
    exec 9>pipe
    kill $reader
    wait $reader 2>/dev/null
    # shellcheck disable=SC2086 # words
    timeout 20 "$ISO4" $arguments <request 2>err >&9 9>&-
    is "status of $arguments" $? 3
    is "stderr of $arguments" "$(cat err)" ''
    exec 9>&-
done
{
    timeout 20 "$ISO4" run agent.js 2>err
    echo $? >status
} | head -c 10 >out
is 'status behind a reader of ten bytes' "$(cat status)" 3
is 'stderr' "$(cat err)" ''

test_that 'standard output that is closed early: no more agents are run'
fresh
echo 'export default "x".repeat(3e6);' >big.js
echo 'await new Promise((r) => setTimeout(r, 20000));' >slow.js
began=$(now_ms)
{
    timeout 30 "$ISO4" run big.js slow.js slow.js 2>err
    echo $? >status
} | head -c 10 >out
is 'exit status' "$(cat status)" 3
within 'ms' $(($(now_ms) - began)) 0 10000

test_that 'a reader of --stream that goes away does not change the result'
fresh
echo 'for (let i = 0; i < 2000; i++) console.log("x".repeat(100)); export default 1;' >agent.js
{ timeout 20 "$ISO4" run --stream agent.js 2>&1 >out; } | head -c 10 >err
is 'exports' "$(jq -c '[.exports, (.stdout | length)]' out)" '[{"default":1},2000]'

test_that 'a slow reader gets everything'
echo 'export default "x".repeat(5e6);' >agent.js
timeout 20 "$ISO4" run agent.js 2>err | { sleep 1 && cat; } >out
# shellcheck disable=SC2034
status=0 line=$(cut -c 1-100 out)
is 'bytes' "$(jq '.exports.default | length' out)" 5000000

test_that 'standard output that does not block is written whole'
fresh
echo 'export default "x".repeat(3e6);' >agent.js
if command -v perl >/dev/null; then
    perl -MFcntl -e 'fcntl(STDOUT, F_SETFL, O_NONBLOCK | fcntl(STDOUT, F_GETFL, 0)); exec @ARGV' "$ISO4" run agent.js 2>err | { sleep 0.5 && cat; } >out
    is 'bytes' "$(jq '.exports.default | length' out)" 3000000
else
    skip 'there is no perl'
fi

test_that 'no temporary file stays anywhere'
fresh
echo 'export default 1;' >agent.js
iso run agent.js -o result.json
iso precompile agent.js -o p.snap
iso run -s p.snap agent.js
iso run -s agent.js agent.js
iso precompile missing.js -o q.snap
iso inspect p.snap
is 'status' $status 0
files agent.js result.json p.snap

test_done
