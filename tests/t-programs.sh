#!/bin/sh
# SPDX-License-Identifier: MIT
# Programs that answer calls: one for each call (command) and one for many (service), well-behaved and not. What is left
# of them when a run is over: nothing.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's and the tools'
. "$(dirname "$0")/lib.sh"
: "${B:=$ROOT/build}"

# with GLOBALS CODE [ARG...]: a run of CODE with these globals
with() {
    globals "$1"
    _code=$2
    shift 2
    agent "$_code" -g globals.json "$@"
    command="$command   # $(cut -c 1-300 globals.json)"
}

# argv WORD...: a JSON array of them
argv() {
    jq -cn '$ARGS.positional' --args -- "$@"
}

# tool SCRIPT CODE [ARG...]: with f, a command in shell
tool() {
    _tool=$(argv sh -c "$1")
    shift
    with "{\"f\": {\"command\": $_tool}}" "$@"
}

# served 'HOW [WORD]...' CODE [ARG...]: with f, g and h, which tests/helpers/service.c answers in this way; a template
# may stand in $template
served() {
    # shellcheck disable=SC2086 # words
    _argv=$(argv "$B/helpers/service" $1 ${template:+"$template"})
    shift
    with "{\"f\": {\"service\": $_argv}, \"g\": {\"service\": $_argv}, \"h\": {\"service\": $_argv, \"timeoutMs\": 200}}" "$@"
}

CAUGHT='export default await f().catch((e) => e.name + ": " + e.message)'

# ---- command: input, output, exit status

test_that 'arguments are a JSON array on standard input'
tool 'cat >seen; echo 1' 'export default await f(1, "a b", { c: [null] })'
gives '{"default":1}'
is 'standard input' "$(cat seen)" '[1,"a b",{"c":[null]}]'

test_that 'without arguments it is empty'
tool 'cat >seen' 'export default [await f()]'
gives '{"default":[{"$type":"undefined"}]}'
is 'standard input' "$(cat seen)" '[]'

test_that 'standard input ends after them'
tool 'wc -l' 'export default await f(1)'
gives '{"default":0}'

test_that 'standard input can be opened by name'
tool 'cat /dev/stdin' 'export default await f(1)'
gives '{"default":[1]}'

test_that 'JSON on standard output is the result'
tool 'echo "{\"a\": [1, {\"\$type\": \"bigint\", \"value\": \"7\"}]}"' 'export default await f()'
gives '{"default":{"a":[1,{"$type":"bigint","value":"7"}]}}'

test_that 'white space around it is none of it'
tool 'printf "\n\t 1 \r\n\n"' 'export default await f()'
gives '{"default":1}'

test_that 'nothing on standard output is undefined'
tool 'true' 'export default [await f()]'
gives '{"default":[{"$type":"undefined"}]}'

test_that 'so is white space'
tool 'echo; echo' 'export default [await f()]'
gives '{"default":[{"$type":"undefined"}]}'

test_that 'what is not JSON rejects the call and is shown'
tool 'echo "hello world"' "$CAUGHT"
gives "{\"default\":\"Error: 'f' printed what is not JSON: hello world\"}"

test_that 'so do two values'
tool 'echo 1; echo 2' "$CAUGHT"
gives "{\"default\":\"Error: 'f' printed what is not JSON: 1\\n2\"}"

test_that 'and JSON that is cut short'
tool 'printf "[1,"' "$CAUGHT"
gives "{\"default\":\"Error: 'f' printed what is not JSON: [1,\"}"

test_that 'text that is not UTF-8 says so'
for row in '"caf\351" 0xe9 at offset 4' '\377\376"\0 UTF-16' '\376\377\0" UTF-16' '"\0a\0"\0 NUL' '\357\273\277"a" mark' '"\303 within a character' '"\344\366\374" Latin-1' '["a","\240"] 0xa0 at offset 6'; do
    tool "printf '${row%% *}'" "$CAUGHT"
    exits 0
    has "message for $row" "$(jq -r .exports.default out)" "'f' printed " 'UTF-8' "${row#* }"
done
tool 'printf "\"\303\251\\u00e9\360\237\230\200\""' 'export default await f()'
gives "{\"default\":\"$(printf '\303\251\303\251\360\237\230\200')\"}"

test_that 'and NUL'
tool 'printf "1\0"' "$CAUGHT"
exits 0
has 'message' "$line" "'f' printed what is not JSON: 1"

test_that 'and JSON that is nested too deeply'
tool 'head -c 20000 /dev/zero | tr "\0" "["; head -c 20000 /dev/zero | tr "\0" "]"' "$CAUGHT"
exits 0
has 'message' "$line" "'f' printed what is not JSON: [[["

test_that 'only the beginning is shown'
tool 'head -c 100000 /dev/zero | tr "\0" x' "$CAUGHT"
exits 0
within 'length' "$(jq '.exports.default | length' out)" 100 400

test_that 'standard error of a program that succeeds is dropped'
tool 'echo oops >&2; echo 1' 'export default await f()'
gives '{"default":1}'
is 'stderr of iso4' "$(cat err)" ''

test_that 'an exit status that is not 0 rejects; standard error is for the operator alone'
tool 'echo "no such user in /srv/secret" >&2; exit 3' "$CAUGHT"
gives "{\"default\":\"Error: 'f' failed with exit status 3\"}"
is 'stderr of iso4' "$(cat err)" ''
iso run -v -g globals.json agent.js
gives "{\"default\":\"Error: 'f' failed with exit status 3\"}"
has 'stderr of iso4' "$(cat err)" "iso4: 'f' failed with exit status 3: no such user in /srv/secret"

test_that 'without any words the status has to do'
tool 'exit 255' "$CAUGHT"
gives "{\"default\":\"Error: 'f' failed with exit status 255\"}"

test_that 'only the end of standard error is kept'
tool 'head -c 300000 /dev/zero | tr "\0" x >&2; echo end >&2; exit 1' "$CAUGHT"
iso run -v -g globals.json agent.js
exits 0
within 'length' "$(grep -c . err)" 1 10
within 'length' "$(wc -c <err)" 1000 4000
has 'note' "$(cat err)" 'failed with exit status 1: xxxx' 'xxxend'

test_that 'it is cut between characters'
tool 'i=0; while [ $i -lt 3000 ]; do printf "€"; i=$((i + 1)); done >&2; exit 1' "$CAUGHT"
iso run -v -g globals.json agent.js
exits 0
has 'note' "$(cat err)" '€€€'
lacks 'note' "$(cat err)" '�'

test_that 'an object with a message on standard output is the error'
tool 'echo "{\"name\": \"RangeError\", \"message\": \"too far\", \"at\": {\"\$type\": \"bigint\", \"value\": \"1\"}}"; echo words >&2; exit 1' \
    'export default await f().catch((e) => [e instanceof RangeError, e.message, e.at])'
gives '{"default":[true,"too far",{"$type":"bigint","value":"1"}]}'

test_that 'other JSON of a program that fails is none'
for printed in '1' '[]' '{}' '{\"message\": 1}' '{\"name\": 1, \"message\": \"m\"}'; do
    tool "echo \"$printed\"; echo words >&2; exit 1" "$CAUGHT"
    gives "{\"default\":\"Error: 'f' failed with exit status 1\"}"
done

test_that 'a program that a signal ended'
tool 'echo 1; kill -SEGV $$' "$CAUGHT"
gives "{\"default\":\"Error: 'f' was ended by signal SIGSEGV\"}"

test_that 'an uncaught failure of a program is ERR_HOST_BRIDGE'
tool 'exit 1' 'await f()'
fails ERR_HOST_BRIDGE

test_that 'a program gets its arguments as they are, without a shell'
with "{\"f\": {\"command\": $(argv jq -cn '$ARGS.positional' --args -- 'a b' '$HOME' '*' '"' '' 'é;ls')}}" 'export default await f()'
gives '{"default":["a b","$HOME","*","\"","","é;ls"]}'

test_that 'an argument may have an escaped backslash before u0000'
with '{"f": {"command": ["printf", "\"%s\"", "\\u0000"]}}' 'export default (await f()).length'
gives '{"default":1}'

test_that 'each call starts its program anew'
tool 'echo $$' 'const [a, b] = [await f(), await f()]; export default a !== b'
gives '{"default":true}'

test_that 'results of programs go through the shim'
with '{"f": {"command": ["echo", "[1, 2]"], "shim": "(a) => a.length"}}' 'export default await f()'
gives '{"default":2}'

test_that 'a program may use every processor, also after many quick calls, for which iso4 keeps to one'
with '{"f": {"returns": 1}, "processors": {"command": ["nproc"]}}' 'for (let i = 0; i < 5000; i++) await f(); export default [await processors(), await processors()]' --max-bridge-calls 0
gives "{\"default\":[$(nproc),$(nproc)]}"

# ---- command: large and slow

test_that 'arguments of 20 MB reach a program'
tool 'wc -c' 'export default await f("x".repeat(20 << 20))' --memory-mb 256
gives '{"default":20971524}'

test_that 'and one that begins to read late'
tool 'sleep 0.3; wc -c' 'export default await f("x".repeat(5 << 20))'
gives '{"default":5242884}'

test_that 'a program need not read them'
with '{"f": {"command": ["echo", "1"]}}' 'export default await f("x".repeat(5 << 20))'
gives '{"default":1}'

test_that 'or may close its standard input'
tool 'exec <&-; sleep 0.1; echo 1' 'export default await f("x".repeat(5 << 20))'
gives '{"default":1}'

test_that 'a result of 20 MB'
tool 'printf \"; head -c 20000000 /dev/zero | tr "\0" x; printf \"' 'export default (await f()).length' --memory-mb 256
gives '{"default":20000000}'

test_that 'a program that closes its standard output early is waited for'
tool 'echo 1; exec >&-; sleep 0.2; exit 4' "$CAUGHT"
gives "{\"default\":\"Error: 'f' failed with exit status 4\"}"

test_that '1 GB of output ends the run and the program'
tool 'echo $$ >pid; exec head -c 1000000000 /dev/zero' 'await f()'
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE
json .error.message "\"the result of 'f' takes more than 67108864 bytes (maxBridgePayloadBytes)\""
holds 'the program is dead' dead "$(cat pid)"

test_that 'so does output without end'
tool 'echo $$ >pid; exec yes' 'try { await f(); } catch {} finally { console.log("on") }' --max-bridge-payload-bytes 1000
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE
json .stdout '[]'
holds 'the program is dead' dead "$(cat pid)"

test_that '200 MB on standard error are read and dropped'
tool 'head -c 200000000 /dev/zero >&2; echo 1' 'export default await f()'
gives '{"default":1}'

test_that 'a program that does not end is killed at its timeout'
with "{\"f\": {\"command\": $(argv sh -c 'echo $$ >pid; exec sleep 30'), \"timeoutMs\": 300}}" "$CAUGHT"
gives "{\"default\":\"TimeoutError: 'f' did not answer within 300 ms (timeoutMs)\"}"
holds 'the program is dead' dead "$(cat pid)"

test_that 'an answer at the timeout is one or the other'
with '{"f": {"command": ["sh", "-c", "sleep 0.1; echo 1"], "timeoutMs": 100}}' 'export default await f().catch((e) => e.name === "TimeoutError" ? 1 : e.name)'
gives '{"default":1}'

rm -f pid
test_that 'another process that holds the output open does not hold up the answer'
tool 'setsid sh -c "echo \$\$ >pid; exec sleep 20" & while [ ! -s pid ]; do sleep 0.02; done; echo 1' 'export default await f()'
gives '{"default":1}'
within 'ms' "$(jq .durationMs out)" 0 10000
kill "$(cat pid)"
rm -f pid

test_that '100 commands one after the other'
with '{"f": {"command": ["echo", "1"]}}' 'let n = 0; for (let i = 0; i < 100; i++) n += await f(); export default n'
gives '{"default":100}'

test_that '150 commands at a time'
with '{"f": {"command": ["cat"]}}' \
    'export default (await Promise.all(Array.from({ length: 150 }, (_, i) => f(i)))).every(([n], i) => n === i)' --max-bridge-calls 0
gives '{"default":true}'

# few N: iso4 runs agent.js with N descriptors
few() {
    command="$ISO4 run with $1 descriptors"
    # shellcheck disable=SC3045 # dash has it
    (ulimit -n "$1" && exec timeout -k 1 $LONGEST "$ISO4" run -g globals.json agent.js) >out 2>err
    status=$?
    line=$(cat out)
}

test_that 'with few descriptors allowed calls wait for others, and all are answered'
globals '{"f": {"command": ["sh", "-c", "sleep 0.1; echo 1"]}}'
echo 'export default (await Promise.all(Array.from({ length: 60 }, () => f()))).length' >agent.js
few 64
gives '{"default":60}'
is 'ok in the list' "$(echo "$line" | jq '[.bridgeCalls[] | select(.ok)] | length')" 60

test_that 'the machine is charged when none end, not the agent that catches all errors'
globals '{"f": {"command": ["sleep", "60"]}, "s": {"service": ["sleep", "60"]}}'
echo 'try { await Promise.all(Array.from({ length: 40 }, () => f())) } catch {}; export default "caught"' >agent.js
few 56
fails ERR_INTERNAL 3
json .error.message "\"'f' could not be started: sleep: all 56 file descriptors of this process are in use (ulimit -n)\""

test_that 'neither are an MCP server and the approval command blamed that the machine cannot start'
if command -v prlimit >/dev/null; then
    # `short` leaves iso4 no descriptor that it does not have already.
    globals '{"short": {"command": ["sh", "-c", "prlimit --pid $PPID --nofile=3:3; echo 1"]}, "t": {"mcp": {"server": "s", "tool": "x"}}, "g": {"returns": 1, "approval": "ask"}}'
    echo '{"mcpServers": {"s": {"command": "cat"}}}' >servers.json
    short='all 3 file descriptors of this process are in use (ulimit -n)'
    agent 'await short(); try { await t({}) } catch {}; export default "caught"' -g globals.json --mcp servers.json
    fails ERR_INTERNAL 3
    json .error.message "\"'t' got no answer: its MCP server could not be started: cat: $short\""
    agent 'await short(); try { await g() } catch {}; export default "caught"' -g globals.json --mcp servers.json --approve-command true
    fails ERR_INTERNAL 3
    json .error.message "\"'g' could not be approved: the approval command could not be started: true: $short\""
else
    skip 'needs prlimit'
fi

test_that 'iso4 takes what descriptors the hard limit allows; programs have the limit that it was started with'
globals '{"usual": {"command": ["sh", "-c", "ulimit -Sn"]}, "hard": {"command": ["sh", "-c", "ulimit -Hn"]},
    "own": {"command": ["sh", "own.sh"]}}'
# iso4 raises its limit again when the program has started: soon, on a busy machine not at once.
cat >own.sh <<'SH'
tries=0
until [ $tries = 100 ] || awk '/^Max open files/ { exit $4 != $5 }' "/proc/$PPID/limits"; do
    tries=$((tries + 1))
    sleep 0.1
done
awk '/^Max open files/ { print ($4 == $5) }' "/proc/$PPID/limits"
SH
echo 'const before = await hard(); export default [await usual(), before > 200, await own()]' >agent.js
command="$ISO4 run with a soft limit of 200"
# shellcheck disable=SC3045 # dash has it
(ulimit -Sn 200 && exec timeout -k 1 $LONGEST "$ISO4" run -g globals.json agent.js) >out 2>err
status=$? line=$(cat out)
gives '{"default":[200,true,1]}'

# ---- finding the program

# no_program PROGRAM TEXT...: refused by run, by batch and by precompile, before anything runs
no_program() {
    _program=$1
    shift
    for _kind in command service; do
        globals "{\"f\": {\"$_kind\": [\"$_program\"]}}"
        agent 'console.log("ran")' -g globals.json
        refused "globals.json:1:19: the global 'f' names the program '" "$@"
        iso run -g globals.json agent.js agent.js
        refused "'f'" "$@"
        iso batch -g globals.json /dev/null
        refused "'f'" "$@"
        rm -f p.snap
        prefix 'console.log("ran")' -g globals.json
        refused "'f'" "$@"
        holds 'no snapshot' test ! -e p.snap
    done
}

test_that 'a program that is not there is refused'
no_program no-such-program "'no-such-program', which is not in PATH (" /bin
no_program ./no-such-program "no-such-program', which is not there"
no_program /no/such/program "'/no/such/program', which is not there"

test_that 'a program that cannot be executed is refused'
echo 'echo 1' >not-executable
no_program ./not-executable "not-executable', which cannot be executed: Permission denied (chmod +x)"

test_that 'a program that is a directory is refused'
no_program / "'/', which is a folder"
no_program ../here "here', which is a folder"

test_that 'a script whose interpreter is not there is refused'
for interpreter in /no/such/interpreter /tmp ./not-executable; do
    printf '#! %s -x\n' "$PWD/${interpreter#/}" >script
    test "${interpreter#/}" = "$interpreter" || printf '#! %s -x\n' "$interpreter" >script
    chmod +x script
    no_program ./script "script', whose first line asks for '"
done

test_that 'a program that is gone when it is called rejects the call'
printf '#!/bin/sh\nrm "$0"\necho 1\n' >once
chmod +x once
with '{"f": {"command": ["./once"]}}' "const first = await f(); $CAUGHT; export { first }"
exits 0
json .exports.first 1
json .exports.default "\"Error: 'f' could not be started\""
lacks 'result' "$(cat out)" "$work"

test_that 'many calls of what is not there, beside slow ones, keep to the limits'
printf '#!/bin/sh\nrm "$0"\necho 1\n' >once
chmod +x once
with '{"slow": {"command": ["sleep", "0.3"]}, "none": {"command": ["./once"]}}' \
    'await none(); for (let i = 0; i < 64; i++) slow(); const all = []; for (let i = 0; i < 20000; i++) all.push(none().catch(() => 1)); await Promise.all(all)' \
    --max-bridge-calls 0 --wall-time-ms 2000
fails ERR_WALL_TIMEOUT
within 'ms' "$(jq .durationMs out)" 1999 9000

test_that 'a path with a slash is relative to the definitions'
mkdir -p defs/bin
printf '#!/bin/sh\necho 42\n' >defs/bin/tool
chmod +x defs/bin/tool
echo '{"f": {"command": ["bin/tool"]}}' >defs/globals.json
agent 'export default await f()' -g defs/globals.json
gives '{"default":42}'

test_that 'also from another directory'
echo 'export default await f()' >agent.js
mkdir -p other
iso_in_other() {
    (cd other && timeout -k 1 $LONGEST "$ISO4" "$@") >out 2>err
    status=$? line=$(cat out) command="iso4 $*"
}
iso_in_other run -g ../defs/globals.json ../agent.js
gives '{"default":42}'

test_that 'definitions from standard input are relative to the working directory'
(cd defs && exec timeout -k 1 $LONGEST "$ISO4" run -g - ../agent.js) <defs/globals.json >out 2>err
status=$? line=$(cat out)
gives '{"default":42}'

test_that 'definitions that are a link are where they lead'
ln -sf ../defs/globals.json other/link.json
iso run -g other/link.json agent.js
gives '{"default":42}'

test_that 'a snapshot finds its programs from anywhere'
iso precompile agent.js -g defs/globals.json -o p.snap -q
exits 1
echo 1 >prefix.js
iso precompile prefix.js -g defs/globals.json -o p.snap -q
mv p.snap other/p.snap
iso_in_other run -s p.snap --allow-host-commands ../agent.js
gives '{"default":42}'

test_that 'a name without a slash is found on the PATH'
PATH=$PWD/defs/bin:$PATH
with '{"f": {"command": ["tool"]}}' 'export default await f()'
gives '{"default":42}'

test_that 'that of its environment'
with "{\"f\": {\"command\": [\"tool\"], \"env\": {\"PATH\": \"/bin:/usr/bin\"}}}" "$CAUGHT"
refused "names the program 'tool', which is not in PATH (/bin:/usr/bin)"
PATH=${PATH#*:}

test_that 'a program works in the directory of the caller'
with '{"f": {"command": ["sh", "-c", "pwd | jq -R ."]}}' 'export default await f()'
gives "{\"default\":\"$(pwd -P)\"}"

test_that 'cwd is another, relative to the definitions'
echo '{"f": {"command": ["sh", "-c", "pwd | jq -R ."], "cwd": "bin"}}' >defs/cwd.json
iso run -g defs/cwd.json agent.js
gives "{\"default\":\"$(pwd -P)/defs/bin\"}"

test_that 'a cwd that is not there'
echo file >file
mkdir -p closed
for place in nowhere /no/where; do
    with "{\"f\": {\"command\": [\"pwd\"], \"cwd\": \"$place\"}}" "$CAUGHT"
    refused "globals.json:1:19: the global 'f' has the cwd '" "$place', which cannot be entered: No such file or directory"
done
with '{"f": {"service": ["pwd"], "cwd": "file"}}' "$CAUGHT"
refused "the global 'f' has the cwd '" "file', which is no folder"
prefix '1' -g globals.json
refused "the global 'f' has the cwd '"

# ---- what a program gets

test_that 'the environment is PATH, HOME, LANG and TZ where they are set'
globals '{"f": {"command": ["jq", "-n", "env | keys"]}}'
echo 'export default await f()' >agent.js
command="$ISO4 run"
env -i PATH="$PATH" HOME=/h LANG=C TZ=UTC SECRET=1 LC_ALL=C "$ISO4" run -g globals.json agent.js >out 2>err
status=$? line=$(cat out)
gives '{"default":["HOME","LANG","PATH","TZ"]}'
env -i PATH="$PATH" "$ISO4" run -g globals.json agent.js >out 2>err
status=$? line=$(cat out)
gives '{"default":["PATH"]}'

test_that 'env adds to it, or says something else'
HOME=/h SECRET=s3 LONG='a b = c' with '{"f": {"command": ["jq", "-n", "[env.HOME, env.A, env.B, env.C, env.SECRET]"], "env": {"HOME": "/other", "A": "text", "B": {"fromEnv": "SECRET"}, "C": {"fromEnv": "LONG"}}}}' 'export default await f()'
gives '{"default":["/other","text","s3","a b = c",null]}'

test_that 'an empty variable is set'
EMPTY='' with '{"f": {"command": ["jq", "-n", "[env.A, env.B]"], "env": {"A": "", "B": {"fromEnv": "EMPTY"}}}}' 'export default await f()'
gives '{"default":["",""]}'

test_that 'a variable that is not set is a usage error, also without a call'
unset NOBODY
with '{"m": {"members": {"f": {"command": ["true"], "env": {"A": {"fromEnv": "NOBODY"}}}}}}' 'export default 1'
refused "the global 'm.f' wants the environment variable NOBODY, which is not set"

test_that 'precompile does not need it; the run of the snapshot does'
prefix '1' -g globals.json -q
exits 0
agent 'export default 1' -s p.snap --allow-host-commands
refused NOBODY
NOBODY=1 agent 'export default 1' -s p.snap --allow-host-commands
completes '{"default":1}'

test_that 'a rebound program needs none of the declared variables'
echo '{"m": {"members": {"f": {"returns": 1}}}}' >run.json
agent 'export default await m.f()' -s p.snap -g run.json
gives '{"default":1}'

test_that 'the value of a variable is not in the snapshot'
TOKEN=s3cr3t-t0ken prefix '1' -q -g globals.json
is 'matches' "$(grep -c s3cr3t-t0ken p.snap)" 0

test_that 'a program has three descriptors'
globals "{\"f\": {\"command\": $(argv sh -c 'printf "["; ls -m /proc/self/fd; echo "]"')}}"
echo 'export default await f()' >agent.js
iso run -g globals.json agent.js
gives '{"default":[0,1,2,3]}' # 3 is the directory that ls reads

test_that 'also when the caller has others open'
command="$ISO4 run with descriptors 7 and 9"
# shellcheck disable=SC2094 # nothing is written to it
timeout -k 1 $LONGEST "$ISO4" run -g globals.json agent.js 7<globals.json 9>>out.9 >out 2>err
status=$? line=$(cat out)
gives '{"default":[0,1,2,3]}'

test_that 'also the tenth, beside others and a snapshot'
prefix '1' -g globals.json -q
agent 'await Promise.all(Array.from({ length: 9 }, f)); export default await f()' -s p.snap --allow-host-commands
gives '{"default":[0,1,2,3]}'

test_that 'and those of a dozen agents at once'
set -- agent.js agent.js agent.js agent.js agent.js agent.js
iso run -s p.snap --allow-host-commands -j 4 "$@" "$@"
is 'descriptors' "$(jq -c .exports.default out | sort | uniq -c | sed 's/^ *//')" '12 [0,1,2,3]'

# Signals 32 and 33 are glibc's own: posix_spawn(3), with which make starts this, leaves them ignored, and a thread of
# iso4 takes 33 back.
test_that 'no signal is blocked or ignored'
globals "$(jq -cn '{f: {command: ["awk", "/^Sig(Blk|Ign):/ { n += $2 !~ /^0+(1?80000000)?$/ } END { print n + 0 }", "/proc/self/status"]}}')"
(trap '' HUP USR1 PIPE && exec timeout -k 1 $LONGEST "$ISO4" run -g globals.json agent.js) >out 2>err
status=$? line=$(cat out)
gives '{"default":0}'

test_that 'it leads a process group and a session of its own'
tool 'awk "{ print \$1 == \$5 && \$1 == \$6 }" /proc/$$/stat' 'export default await f()'
gives '{"default":1}'

# ---- the caller

test_that 'a function that the caller answers is refused where there is no caller'
with '{"m": {"members": {"f": {"caller": true}}}}' 'export default 1'
refused "the global 'm.f' is answered by the caller, which only iso4 serve has: rebind it with --globals"

test_that 'a snapshot may declare one, and a run rebind it'
globals '{"f": {"caller": true, "description": "Adds.", "parameters": {"type": "array", "items": {"type": "number"}}}}'
prefix '' -g globals.json
agent 'export default await f(1, 2)' -s p.snap --allow-host-commands
refused "the global 'f' is answered by the caller"
echo '{"f": {"returns": 3}}' >other.json
agent 'export default await f(1, 2)' -s p.snap -g other.json
gives '{"default":3}'
agent 'export default await f("1")' -s p.snap -g other.json
fails ERR_HOST_BRIDGE

test_that 'a job is refused by itself'
printf '%s\n' '{"id":1,"code":"","globals":{"f":{"caller":true}}}' '{"id":2,"code":""}' >jobs.jsonl
iso batch --ordered jobs.jsonl
exits 1
is 'codes' "$(jq -r '.error.code' out | paste -s -d ' ' -)" 'ERR_BAD_JOB null'
has 'the message' "$(jq -r '.error.message // empty' out)" 'answered by the caller'

# ---- --no-host-commands

test_that '--no-host-commands refuses commands'
with '{"m": {"members": {"f": {"command": ["true"]}}}}' 'export default 1' --no-host-commands
refused "the global 'm.f' is answered by a program, which --no-host-commands refuses"

test_that 'and services'
with '{"f": {"service": ["true"]}}' 'export default 1' --no-host-commands
refused "'f'"

test_that 'and those of a snapshot'
prefix '1' -g globals.json -q
agent 'export default 1' -s p.snap --no-host-commands
refused "'f'"

test_that 'but not what the run answers itself'
echo '{"f": {"returns": 1}}' >run.json
agent 'export default await f()' -s p.snap --no-host-commands -g run.json
gives '{"default":1}'

test_that 'precompile knows it, too'
rm -f p.snap
prefix '1' -g globals.json --no-host-commands
refused "'f'"
holds 'no file' test ! -e p.snap

# ---- services

ECHO='{"jsonrpc":"2.0","id":%,"result":@}'

test_that 'a service answers with the result of its message'
template=$ECHO served answer 'export default [await f(1, "a"), await g({ b: 2n })]'
gives '{"default":[[1,"a"],[{"b":{"$type":"bigint","value":"2"}}]]}'

test_that 'a request is one line of JSON-RPC'
tool 'exit' '1'
with "{\"f\": {\"service\": $(argv sh -c 'read -r line; printf "%s\n" "$line" >seen; echo "{\"id\":1,\"result\":1}"; sleep 9')}}" 'export default await f("a\nb", {})'
gives '{"default":1}'
is 'request' "$(cat seen)" '{"jsonrpc":"2.0","id":1,"method":"f","params":["a\nb",{}]}'

test_that 'the method is the dotted path, or what method says'
one=$(argv "$B/helpers/service" answer '{"id":%,"result":#}')
with "{\"db\": {\"members\": {\"users\": {\"members\": {\"find\": {\"service\": $one}}}}}, \"other\": {\"service\": $one, \"method\": \"db/other\"}}" \
    'export default [await db.users.find(), await other()]'
gives '{"default":["db.users.find","db/other"]}'

test_that 'one process answers all calls'
template='{"id":%,"result":&}' served answer 'export default new Set(await Promise.all([f(), f(), g(), f()])).size'
gives '{"default":1}'

test_that 'another environment is another process'
one=$(argv "$B/helpers/service" answer '{"id":%,"result":&}')
with "{\"f\": {\"service\": $one}, \"g\": {\"service\": $one, \"env\": {\"A\": \"1\"}}, \"h\": {\"service\": $one, \"cwd\": \"/\"}, \"i\": {\"service\": $one, \"method\": \"m\"}}" \
    'const [a, b, c, d] = [await f(), await g(), await h(), await i()]; export default [new Set([a, b, c]).size, a === d]'
gives '{"default":[3,true]}'

test_that 'it is started by the first call only'
with "{\"f\": {\"service\": $(argv sh -c 'touch started; cat')}}" 'export default 1'
gives '{"default":1}'
holds 'not started' test ! -e started

test_that 'each run has a process of its own'
template='{"id":%,"result":&}'
globals "{\"f\": {\"service\": $(argv "$B/helpers/service" answer "$template")}}"
template=''
echo 'export default await f()' >agent.js
iso run -g globals.json agent.js agent.js
is 'processes' "$(jq .exports.default out | sort -u | wc -l)" 2

test_that 'answers in another order find their calls'
template='{"id":%,"result":@}' served 'reverse 5' 'export default await Promise.all([f(0), g(1), f(2), g(3), f(4)])'
gives '{"default":[[0],[1],[2],[3],[4]]}'

test_that 'a second answer to a call is let go'
globals "{\"f\": {\"service\": $(argv "$B/helpers/service" answer '{"id":%,"result":@}' '{"id":%,"result":"again"}' '{"id":%,"error":{"message":"again"}}')}}"
iso run -g globals.json -e 'export default [await f(1), await f(2), await f(3)]'
gives '{"default":[[1],[2],[3]]}'

test_that 'so are answers to calls that were not made'
globals "{\"f\": {\"service\": $(argv "$B/helpers/service" answer '{"id":9%,"result":1}' '{"id":"%","result":1}' '{"id":-%,"result":1}' '{"id":null,"result":1}' '{"id":1e99,"result":1}' '{"result":1}' '{"id":%.5,"result":1}' '{"id":%,"result":@}')}}"
iso run -g globals.json -e 'export default [await f(1), await f(2)]'
gives '{"default":[[1],[2]]}'

test_that 'so are lines that are no messages'
globals "{\"f\": {\"service\": $(argv "$B/helpers/service" answer 'starting up ...' '' '[]' '"id"' '{' 'null' '{"id":%,"result":1} x' "$(printf '\001\377')" '{"id":%,"result":@}')}}"
iso run -g globals.json -e 'export default [await f(1), await f(2)]'
gives '{"default":[[1],[2]]}'

test_that 'a message may come in pieces'
template=$ECHO served pieces 'export default await Promise.all([f("ab"), f("cd"), g("é")])'
gives '{"default":[["ab"],["cd"],["é"]]}'

test_that 'a message may have white space and other members'
template=' { "id" : % , "more" : [ ] , "result" : { "a" : 1 } } ' served answer 'export default await f()'
gives '{"default":{"a":1}}'

test_that 'null is a result'
template='{"id":%,"result":null}' served answer 'export default [await f()]'
gives '{"default":[null]}'

test_that 'a result with an error of null is one'
template='{"id":%,"result":1,"error":null}' served answer 'export default await f()'
gives '{"default":1}'

test_that 'an answer with neither rejects the call'
template='{"id":%}' served answer "$CAUGHT"
gives "{\"default\":\"Error: 'f' was answered with neither a result nor an error\"}"

test_that 'an error of JSON-RPC has message and code'
template='{"id":%,"error":{"code":-32601,"message":"no method"}}' served answer 'export default await f().catch((e) => [e.constructor === Error, e.message, e.code])'
gives '{"default":[true,"no method",-32601]}'

test_that 'its data are own properties, the name makes the class'
template='{"id":%,"error":{"code":1,"message":"m","data":{"name":"TypeError","at":{"$type":"bigint","value":"3"}}}}' \
    served answer 'export default await f().catch((e) => [e instanceof TypeError, e.message, e.code, e.at, Object.keys(e)])'
gives '{"default":[true,"m",1,{"$type":"bigint","value":"3"},["code","at"]]}'

test_that 'other data are a property of that name'
template='{"id":%,"error":{"message":"m","data":[1]}}' served answer 'export default await f().catch((e) => e.data)'
gives '{"default":[1]}'

test_that 'an error that is a text is its message'
template='{"id":%,"error":"just so"}' served answer "$CAUGHT"
gives '{"default":"Error: just so"}'

test_that 'a service that dies fails the calls under way'
served 'dies 0 3' "$CAUGHT"
gives "{\"default\":\"Error: 'f' got no answer: its program ended with exit status 3\"}"

test_that 'all that it has been sent; a later one may find the next process'
served 'dies 1 4' 'const all = await Promise.allSettled([f(), g(), f(), g()]); export default [all[0].status, all.some((s) => s.status === "rejected")]'
gives '{"default":["fulfilled",true]}'

test_that 'the next call starts it again'
served 'dies 1 4' 'const first = await f(); await f().catch(() => 1); const second = await f(); export default [first === second, typeof second]'
gives '{"default":[false,"number"]}'

test_that 'it may die in the middle of an answer'
served 'half 0' "$CAUGHT"
gives "{\"default\":\"Error: 'f' got no answer: its program ended with exit status 0\"}"

test_that 'half an answer is not added to what the next process says'
with "{\"f\": {\"service\": $(argv sh -c 'read -r line; if [ -e first ]; then echo "{\"id\":2,\"result\":2}"; sleep 9; else touch first; printf "{\"id\":1,"; fi')}}" \
    'await f().catch(() => 1); export default await f()'
gives '{"default":2}'
rm -f first

test_that 'or of a signal'
served 'raises 11' "$CAUGHT"
gives "{\"default\":\"Error: 'f' got no answer: its program was ended by signal SIGSEGV\"}"

test_that 'one that exits at once'
with '{"f": {"service": ["true"]}}' "$CAUGHT"
gives "{\"default\":\"Error: 'f' got no answer: its program ended with exit status 0\"}"

test_that 'a call that is not answered times out, and others are answered'
served 'late 1500' 'const late = await h().catch((e) => e.name); export default [late, await f()]'
gives '{"default":["TimeoutError","now"]}'

test_that 'a late answer is let go'
served 'late 400' 'await h().catch(() => 1); const second = await f(); await new Promise((r) => setTimeout(r, 300)); export default [second, await f()]'
gives '{"default":["now","now"]}'

test_that 'a service that never answers'
served silent 'export default await h().catch((e) => e.message)'
gives "{\"default\":\"'h' did not answer within 200 ms (timeoutMs)\"}"

test_that 'without a timeout the wall limit ends it'
served silent 'await f()' --wall-time-ms 300
fails ERR_WALL_TIMEOUT
json '.bridgeCalls | map([.name, .ok])' '[["f",false]]'

test_that 'a service that does not read'
served deaf 'export default await h("x".repeat(5 << 20)).catch((e) => e.name)'
gives '{"default":"TimeoutError"}'

test_that 'what it does not read may not grow without end'
served deaf 'const big = "x".repeat(40 << 20); for (let i = 0; i < 9; i++) await h(big).catch(() => 1)' --memory-mb 400 --cpu-time-ms 20000
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE

test_that 'a line that does not end'
served flood 'await f()' --max-bridge-payload-bytes 1000
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE
served flood 'await f()'
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE

test_that 'a result over the limit'
template="{\"id\":%,\"result\":\"$(printf '%99s' x | tr ' ' x)\"}" served answer 'await f()' --max-bridge-payload-bytes 100
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE

test_that 'an error that no frame holds'
template='{"id":%,"error":{"message":"m","data":@}}' served answer 'await f("x".repeat((1 << 26) - 4))' --memory-mb 512 --cpu-time-ms 20000
fails ERR_BRIDGE_PAYLOAD_TOO_LARGE

test_that 'an error may be longer than a result'
template='{"id":%,"error":{"message":"a message of more than twenty bytes"}}' served answer "$CAUGHT" --max-bridge-payload-bytes 20
gives '{"default":"Error: a message of more than twenty bytes"}'

test_that 'a result just within it'
template="{\"id\":%,\"result\":\"$(printf '%98s' x | tr ' ' x)\"}" served answer 'export default (await f()).length' --max-bridge-payload-bytes 100
gives '{"default":98}'

test_that '50 MB on standard error between answers'
template=$ECHO served 'noise 25000000' 'export default [await f(1), await f(2)]'
gives '{"default":[[1],[2]]}'

test_that '10,000 calls at a time'
template=$ECHO served answer 'const all = await Promise.all(Array.from({ length: 10000 }, (_, i) => f(i))); export default all.every(([n], i) => n === i)' --max-bridge-calls 0
gives '{"default":true}'

test_that 'arguments and results of 5 MB'
template=$ECHO served answer 'const [s] = await f("x".repeat(5 << 20)); export default s.length'
gives '{"default":5242880}'

# ---- nothing is left

# A tool that writes its process id and that of a child, and stays.
STAYS='sleep 30 & echo $$ $! >pids; wait'
stays=$(argv sh -c "$STAYS")
STARTED='const ready = async () => { while (!(await probe())) await new Promise((r) => setTimeout(r, 20)); };'
probe=$(argv sh -c 'if [ -s pids ]; then echo true; else echo false; fi')

# staying CODE [ARG...]: a run in which f is called and stays
staying() {
    _code=$1
    shift
    rm -f pids
    with "{\"f\": {\"command\": $stays}, \"s\": {\"service\": $stays}, \"t\": {\"command\": $stays, \"timeoutMs\": 700}, \"probe\": {\"command\": $probe}}" \
        "$STARTED $_code" --max-bridge-calls 0 "$@"
}

# nothing_stayed: the tool and its child are dead
nothing_stayed() {
    test -s pids || fail 'the tool has not started'
    read -r _tool _child <pids
    holds 'the tool is dead' eventually dead "$_tool"
    holds 'its child is dead' eventually dead "$_child"
}

test_that 'a command under way dies with the end of its run, and its children'
staying 'f(); await ready(); export default 1'
gives '{"default":1}'
nothing_stayed

test_that 'so does a service'
staying 's(); await ready(); export default 1'
gives '{"default":1}'
nothing_stayed

test_that 'at its timeout'
staying 'export default await t().catch((e) => e.name)'
gives '{"default":"TimeoutError"}'
nothing_stayed

test_that 'when the wall limit strikes'
staying 'await f()' --wall-time-ms 1500
fails ERR_WALL_TIMEOUT
nothing_stayed

test_that 'when the CPU limit strikes'
staying 's(); await ready(); for (;;);' --cpu-time-ms 300
fails ERR_CPU_TIMEOUT
nothing_stayed

test_that 'when the agent throws'
staying 'f(); await ready(); throw 1'
fails ERR_USER_CODE
nothing_stayed

test_that 'when the agent breaks a limit of the bridge'
staying 's(); await ready(); f(() => 1)'
fails ERR_FUNCTION_ARGUMENT_NOT_SUPPORTED
nothing_stayed

test_that 'when the memory is spent'
staying 'f(); await ready(); const all = []; for (;;) all.push(new Array(1000).fill(all.length))' --memory-mb 24
fails ERR_MEMORY_LIMIT
nothing_stayed

# in_background: the last run again, but not waited for, up to the moment when its tool runs
in_background() {
    rm -f pids out
    "$ISO4" run -g globals.json --max-bridge-calls 0 --wall-time-ms 60000 agent.js >out 2>err &
    running=$!
    holds 'the tool has started' eventually test -s pids
}

for signal in INT:130 TERM:143; do
    test_that "when SIG${signal%:*} ends iso4"
    staying 'export default 1'
    echo 'await Promise.race([f(), s()])' >agent.js
    in_background
    kill -s "${signal%:*}" $running
    wait $running
    is 'exit status' "$?" "${signal#*:}"
    line=$(cat out)
    json '[.status, .error.code]' '["aborted","ERR_ABORTED"]'
    nothing_stayed
done

test_that 'when SIGTERM ends a dozen runs at once'
echo 'await Promise.race([f(), s()])' >agent.js
rm -f pids
set -- agent.js agent.js agent.js agent.js agent.js agent.js
"$ISO4" run -g globals.json -j 4 --wall-time-ms 60000 "$@" "$@" >out 2>err &
running=$!
holds 'the tools have started' eventually test -s pids
sleep 0.3
kill -s TERM $running
wait $running
is 'exit status' "$?" 143
nothing_stayed
is 'tools left' "$(grep -lsx "$(printf 'Name:\tsleep')" /proc/[0-9]*/status | while read -r status; do
    readlink "${status%/status}/cwd"
done | grep -c "^$PWD\$")" 0

test_that 'when the worker is killed'
echo 'await f()' >agent.js
in_background
read -r tool _ <pids
for pid in $(children $running); do
    test "$pid" = "$tool" || kill -9 "$pid"
done
wait $running
status=$? line=$(cat out)
fails ERR_WORKER_CRASHED 3
json '.bridgeCalls | map([.name, .ok])' '[["f",false]]'
nothing_stayed

test_that 'programs that have ended are collected while the run goes on'
staying 'export default 1'
echo 'for (let i = 0; i < 5; i++) await probe(); await f()' >agent.js
in_background
is 'children: the worker and the tool' "$(children $running | wc -l)" 2
is 'zombies' "$(for pid in $(children $running); do grep '^State:.*Z' "/proc/$pid/status"; done)" ''
kill -s INT $running
wait $running
nothing_stayed

test_that 'at most 64 commands run at a time, the others wait in line'
globals '{"f": {"command": ["sleep", "30"]}}'
echo 'await Promise.all(Array.from({ length: 80 }, () => f()))' >agent.js
"$ISO4" run -g globals.json agent.js >out 2>err &
running=$!
holds '64 and the worker' eventually sh -c "test \$(grep -ls '^PPid:[[:space:]]*$running\$' /proc/[0-9]*/status | wc -l) -ge 65"
sleep 0.3
is 'children' "$(children $running | wc -l)" 65
pids=$(children $running)
kill -s TERM $running
wait $running
is 'exit status' "$?" 143
for pid in $pids; do
    gone "$pid" || eventually gone "$pid" || fail "process $pid has stayed"
done

test_that 'timeoutMs counts the time in line'
with '{"f": {"command": ["sleep", "30"], "timeoutMs": 500}}' \
    'export default [...new Set((await Promise.allSettled(Array.from({ length: 80 }, () => f()))).map((s) => s.reason.name))]'
gives '{"default":["TimeoutError"]}'

test_that 'what waits in line is not started when the run is over'
rm -f started
with "{\"f\": {\"command\": [\"sleep\", \"60\"]}, \"g\": {\"command\": [\"touch\", \"started\"]}}" \
    'for (let i = 0; i < 64; i++) f(); g(); export default 1'
gives '{"default":1}'
sleep 0.4
holds 'not started' test ! -e started

test_that 'nor when a limit has struck'
with "{\"f\": {\"command\": [\"sleep\", \"60\"]}, \"g\": {\"command\": [\"touch\", \"started\"]}}" \
    'for (let i = 0; i < 64; i++) f(); g(); for (;;);' --cpu-time-ms 100
fails ERR_CPU_TIMEOUT
sleep 0.5
holds 'not started' test ! -e started


test_that 'a service that prints what is no answer is told to its operator'
for row in 'hello\n=is no answer: hello' '"caf\351"\n=not UTF-8' '{}\n=no answer: {}' '{"method":"log"}\n=no answer' '\357\273\277{"id":1,"result":1}\n=byte order mark'; do
    with "{\"f\": {\"service\": $(argv sh -c "read -r line; printf '${row%%=*}'; exec sleep 5"), \"timeoutMs\": 300}}" "$CAUGHT" -v
    exits 0
    has 'note' "$(cat err)" "iso4: 'f' is answered by a service that printed " "${row#*=}"
done

test_that 'an endless flood of such lines is told of a few times'
with "{\"f\": {\"service\": $(argv sh -c 'read -r line; yes rubbish'), \"timeoutMs\": 300}}" "$CAUGHT" -v
exits 0
within 'notes' "$(grep -c rubbish err)" 1 5

# blame CODE ORIGIN [DEFINITION]: the uncaught error has this origin
blame() {
    with "{\"f\": $2}" "$3"
    exits 1
    json '.error | .code, .origin' "\"ERR_HOST_BRIDGE\"$NL\"$1\""
}

test_that 'a program that dies is the fault of the caller, errors of functions that of the agent'
blame caller '{"command": ["sh", "-c", "exit 3"]}' 'await f()'
blame caller '{"command": ["sh", "-c", "kill -SEGV $$"]}' 'await f()'
blame caller '{"command": ["echo", "no json"]}' 'await f()'
blame caller '{"service": ["true"]}' 'await f()'
blame caller "{\"service\": $(argv sh -c 'read -r line; echo "{\"id\":1}"; sleep 5')}" 'await f()'
blame caller '{"command": ["false"]}' 'const e = await f().catch((e) => e); await 1; throw e'
blame agent '{"throws": {"message": "m"}}' 'await f()'
blame agent "{\"command\": $(argv sh -c 'echo "{\"message\": \"no such user\"}"; exit 1')}" 'await f()'
blame agent '{"returns": 1, "parameters": {"type": "string"}}' 'await f(1)'
blame agent '{"command": ["false"], "maxCalls": 1}' 'await f().catch(() => 1); await f()'

test_that 'arguments that name files beside the definitions mean the same in every folder'
mkdir -p tools/sub elsewhere
echo 'echo "[\"$0\", \"$1\", \"$2\"]"' >tools/tool.sh
echo here >tools/data.txt
echo 'no' >elsewhere/tool.sh
for command in '["sh", "tool.sh", "data.txt", "other.txt"]' '["sh", "./tool.sh", "./data.txt", "other.txt"]' '["sh", "sub/../tool.sh", "data.txt", "other.txt"]'; do
    echo "{\"f\": {\"command\": $command}}" >tools/defs.json
    for place in . tools elsewhere /; do
        here=$PWD
        (cd "$place" && "$ISO4" run -g "$here/tools/defs.json" -e 'export default await f()') >out 2>err
        has "in $place" "$(jq -c .exports.default out)" 'tool.sh","' 'tools/' 'data.txt","other.txt"]'
    done
done

test_that 'also in snapshots, and not with a cwd'
echo 0 >empty.js
iso precompile -g tools/defs.json empty.js -o tools.snap -q
exits 0
(cd elsewhere && "$ISO4" run -s ../tools.snap --allow-host-commands -e 'export default (await f())[0].endsWith("tools/sub/../tool.sh")') >out 2>err
json .exports.default true
printf '%s\n' '{"f": {"command": ["sh", "-c", "echo \"\\\"$0\\\"\"", "tool.sh"], "cwd": "."}}' >tools/cwd.json
iso run -g tools/cwd.json -e 'export default await f()'
gives '{"default":"tool.sh"}'

test_done
