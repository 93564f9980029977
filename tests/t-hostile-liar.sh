#!/bin/sh
# SPDX-License-Identifier: MIT
# A worker that lies to its parent in every way that we could think of: hostile/liar.c stands in the place of V8's
# program. Whatever it does there is one RunResult with the right code, no hang, no process left, and a parent that
# stays small.
# shellcheck source-path=SCRIPTDIR source=hostile/lib.sh
. "$(dirname "$0")/hostile/lib.sh"

liar=liar
# shellcheck source=hostile/lying.sh
. "$HOSTILE/lying.sh"

# lie 'CODE STATUS' 'LIE [ARG]...' [iso4's argument]...: a row below. It may be followed by more conditions.
lie() {
    expected=$1 told=$2
    shift 2
    job "$told${1+, $*}"
    expect "$expected"
    set_to peak $small
    set_to seconds 15
    printf '// lie: %s\n' "$told" >"$job/agent.js"
    args run "$@" agent.js
}

# The same where namespaces are refused: there the worker is no init process, and its signals count.
plain_lie() {
    lie "$@"
    set_only name "$told${3+, $3 $4} (no namespaces)"
    : >"$job/plain"
}

prefix_lie() {
    expected=$1 told=$2
    shift 2
    job "precompile: $told"
    expect "$expected"
    set_to shape precompile
    set_to seconds 15
    set_to peak $small
    printf '// lie: %s\n' "$told" >"$job/prefix.js"
    args precompile "$@" prefix.js -o p.snap
}

also() {
    set_to jq "$1"
}

within() {
    set_to wall "$1"
    set_to tries 3
}

# A grace of 250 ms at most, and as much again for a machine that has other things to do.
SLACK=500

# ---- slow ones first: most of these only wait

# Before it says that agent code runs, a worker has 20 s.
for how in sleeps deaf-sleeps; do
    lie 'ERR_INTERNAL 3' "ends never-started $how"
    within 21500
    set_only seconds 30
done
lie 'ERR_INTERNAL 3' 'endless-drip never-started'
within 21500
set_only seconds 30
plain_lie 'ERR_INTERNAL 3' 'stops never-started'
within 21500
set_only seconds 30
lie 'ERR_INTERNAL 3' 'deaf never-started sleeps'
within 21500
set_only seconds 30

# Having given its result it shall end: it is ended, and the result counts. Nothing may outlive a limit by more than the
# grace.
for how in sleeps deaf-sleeps spins deaf-spins; do
    lie 'ok 0' "ends done $how" --cpu-time-ms 100 --wall-time-ms 100
    within $((100 + 250 + SLACK))
done
plain_lie 'ok 0' 'stops done' --wall-time-ms 100
within $((100 + 250 + SLACK))

# ---- not lying at all: a test that cannot fail proves nothing

lie 'ok 0' truth
also '.exports == {"default": 1}'
plain_lie 'ok 0' truth
also '.exports == {"default": 1}'
lie 'ok 0' 'drip 5'
also '.exports == {"default": 1}'
lie 'ok 0' 'drip 20' --wall-time-ms 5000
also '.durationMs > 500'
lie 'ok 0' 'deaf done 0'
also '.exports == {"default": 1}'

# ---- frames: lengths, types, bytes

for length in 4294967295 4294967288 2147483648 2147483647 67108865; do
    lie 'ERR_INTERNAL 3' "length $(frame CONSOLE) $length"
done
for long in 'STARTED 17' 'DROPPED 10' 'CALL 67108873' 'BLOCKED 13' 'CANCEL 5' 'EXPORTS 1048577' 'BLOB 1048577' \
    'DONE 8388609' 'MEMORY 1' 'FATAL 4097'; do
    lie 'ERR_INTERNAL 3' "length $(frame "${long% *}") ${long#* }"
done
for type in 0 $(frame JOB) $(frame ANSWER) $(($(frame FATAL) + 1)) 99 256 65536 16777216 4294967295; do
    lie 'ERR_INTERNAL 3' "type $type"
done
lie 'ERR_INTERNAL 3' 'bytes garbage-garbage-garbage sleeps'
lie 'ERR_INTERNAL 3' 'bytes {"ok":true,"status":"completed","exports":{}} 0'
for byte in 0 1 2 255; do
    lie 'ERR_INTERNAL 3' "endless-byte $byte"
done
lie 'ERR_INTERNAL 3' 'endless-console "FORGED"'
lie 'ERR_INTERNAL 3' 'endless-console ""'
lie 'ERR_INTERNAL 3' 'endless-console "\u0000"'
lie 'ERR_INTERNAL 3' endless-started
lie 'ERR_INTERNAL 3' endless-job
for what in dropped nothing; do # each frame is sound by itself, and there is no end of them
    lie 'ERR_INTERNAL 3' "endless-$what" --wall-time-ms 0 --cpu-time-ms 0
done
lie 'ERR_WALL_TIMEOUT 1' 'endless-drip started' --wall-time-ms 300
within $((300 + 250 + SLACK))

# ---- cut short: the story of a good run, less its end

for cut in 0 1 7 8 23 24 30 32 45 46 52 -1 -12; do
    lie 'ERR_WORKER_CRASHED|ERR_INTERNAL 3' "truncated $cut 0"
    lie 'ERR_WORKER_CRASHED|ERR_INTERNAL 3' "truncated $cut 1"
    lie 'ERR_INTERNAL 3' "truncated $cut hangs-up"
    within 2000
done
lie 'ERR_INTERNAL 3' 'truncated 30 half-hangs-up'
lie 'ERR_WALL_TIMEOUT 1' 'truncated 30 sleeps' --wall-time-ms 300
within $((300 + 250 + SLACK))

# ---- out of order, twice, too early, too late

# S start, C console, R dropped, E exports, B blob, D done, F done with ERR_USER_CODE, M memory, X fatal, G garbage,
# . exit 0, ! crash
for order in C. E. B. CSED. ESD. D. ED. SS. SSED. SCSED. SEDD. SEDC. SEDE. SEDS. SEDG. SEDM. SEDX. SEDR. SEDF. SB. SEBD. \
    SD. SFD. SFC. SMD. SMC. SMM. SXD. SXM. SXX. SEED. RSED. F.; do
    lie 'ERR_INTERNAL 3' "order $order"
done
for order in . S. SC. SE. SCE. X. SX. SX! SM! SED! SF! ! S!; do
    lie 'ERR_WORKER_CRASHED 3' "order $order"
done
for order in SG. SEG. R. D!; do # two faults at once
    lie 'ERR_WORKER_CRASHED|ERR_INTERNAL 3' "order $order"
done
lie 'ERR_USER_CODE 1' 'order SCF.'
also '.stdout == ["x"]'
lie 'ERR_USER_CODE 1' 'order SEF.'
lie 'ERR_MEMORY_LIMIT 1' 'order SCM.'
also '.stdout == ["x"]'
lie 'ERR_MEMORY_LIMIT 1' 'order M.'
lie 'ok 0' 'order SCRED.'
also '.stdout == ["x"] and .droppedStdout == 1'

# ---- ending, and not

for when in never-started started; do
    lie 'ERR_WORKER_CRASHED 3' "ends $when 0"
    lie 'ERR_WORKER_CRASHED 3' "ends $when 1"
    lie 'ERR_INTERNAL 3' "ends $when hangs-up"
    within 2000
    lie 'ERR_INTERNAL 3' "ends $when half-hangs-up"
    within 2000
done
lie 'ok 0' 'ends done hangs-up' --wall-time-ms 100
within $((100 + 250 + SLACK))
for how in sleeps deaf-sleeps; do
    lie 'ERR_WALL_TIMEOUT 1' "ends started $how" --wall-time-ms 300
    within $((300 + 250 + SLACK))
done
for how in spins deaf-spins; do
    lie 'ERR_WALL_TIMEOUT 1' "ends started $how" --cpu-time-ms 0 --wall-time-ms 300
    within $((300 + 250 + SLACK))
    lie 'ERR_CPU_TIMEOUT 1' "ends started $how" --cpu-time-ms 200
    also '.cpuTimeMs < 700'
done
plain_lie 'ERR_WALL_TIMEOUT 1' 'stops started' --wall-time-ms 300
within $((300 + 250 + SLACK))
statuses='1 2 3 64 70 98 126 127 128 137 139 159 254 255'
test -z "$FULL" || statuses=$(seq 1 255)
for number in $statuses; do
    lie 'ERR_WORKER_CRASHED 3' "ends done $number"
    lie 'ERR_WORKER_CRASHED 3' "ends started $number"
    also ".error.message | test(\"exit status $number\$\")"
done

# ---- dying

for fault in SEGV TRAP BUS FPE ILL STACK; do
    for when in 'started' 'done'; do
        lie 'ERR_WORKER_CRASHED 3' "dies $when $fault"
        also '.stdout == ["last words"] and (.error.message | test("SIG[A-Z]+"))'
    done
    plain_lie 'ERR_WORKER_CRASHED 3' "dies done $fault"
done
lie 'ERR_SANDBOX_VIOLATION 3' 'dies started SYS'
also '.stdout == ["last words"]'
lie 'ERR_SANDBOX_VIOLATION 3' 'dies done SYS'
# SIGCHLD, SIGCONT, SIGURG and SIGWINCH do nothing; four stop, and the limit ends that.
for number in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 24 25 26 27 29 30 34 40 64; do
    for when in 'started' 'done'; do
        case $when$number in
        done9) plain_lie 'ok 0' 'dies done 9' ;; # it had said all
        *) plain_lie 'ERR_WORKER_CRASHED 3' "dies $when $number" ;;
        esac
        also '.stdout == ["last words"]'
    done
done
for number in 19 20 21 22; do
    plain_lie 'ERR_WALL_TIMEOUT|ERR_WORKER_CRASHED 1|3' "dies started $number" --wall-time-ms 300
done
plain_lie 'ERR_SANDBOX_VIOLATION 3' 'dies started 31'

# ---- JSON, in every place where there is some

for what in utf8 overlong surrogate cut control escape nul two comma closed unterminated bom newline kind null empty around; do
    for where in console exports name message stack nearest fields skipped; do
        lie 'ERR_INTERNAL 3' "json $where $what"
        also '(tojson | test("FORGED") | not)'
    done
done
for where in exports fields skipped; do
    lie 'ERR_INTERNAL 3' "json $where inside"
done
lie 'ok 0' 'json console good'
also '.stderr == ["text"]'
lie 'ok 0' 'json exports good'
also '.exports == {"a": 1}'
for what in beyond digits; do
    lie 'ERR_INTERNAL 3' "json exports $what"
    lie 'ERR_INTERNAL 3' "json fields $what"
done
lie 'ERR_USER_CODE 1' 'json name good'
also '.error.name == "text"'
lie 'ERR_USER_CODE 1' 'json message good'
also '.error.message == "text"'
lie 'ERR_USER_CODE 1' 'json stack good'
also '.error.stack == "text"'
lie 'ERR_USER_CODE 1' 'json fields good'
also '.error.fields == {"a": 1}'
lie 'ok 0' 'json skipped good'
also '.skippedExports == [{"a": 1}]'
lie 'ERR_INTERNAL 3' 'padding console 200'
lie 'ERR_INTERNAL 3' 'padding exports 200'
lie 'ERR_INTERNAL 3' 'padding exports 100' --max-export-bytes 0
set_only peak 220000 # 64 MiB are within the limit here, and a buffer that grows is there twice for a moment

# ---- codes: those that only the parent can know, those of precompile, and none at all

parents=$(awk '/^ *X\(/ { n++; if ($0 ~ /, 0, [01]\) *\\?$/ || /PREFIX_/) print n }' "$ROOT/core/error.h")
test -n "$parents" || bail 'the table of codes in core/error.h is not where it was'
for code in $parents; do
    lie 'ERR_INTERNAL 3' "code $code"
    also '.error.message | test("malformed|protocol")'
done
past=$(awk '/^ *X\(/ { n++ } END { print n + 1 }' "$ROOT/core/error.h")
for code in "$past" 100 255 65535 2147483647 2147483648 4294967295 4294967296 4294967298 9223372036854775808 18446744073709551615; do
    lie 'ERR_INTERNAL 3' "code $code"
    also '.error.message | test("malformed|protocol")'
done

# ---- the result's other fields

for what in none bare short-code long-code unknown-tag job-tag cut huge-field twice interrupted interrupted-ok; do
    lie 'ERR_INTERNAL 3' "fields $what"
done
for number in 1000000000 5000000000 3600000000000 18446744073709551615; do
    lie 'ok 0' "fields times $number"
    also '.durationMs < 600 and .cpuTimeMs < 600'
done
for place in '0 0 0' '1 1 1' '1 4294967296 1' '1 1 4294967295' '1 18446744073709551615 18446744073709551615' \
    '999 1 1' '18446744073709551615 1 1' '1 2147483646 2147483646' '1 1 2147483646' '1 0 5' '1 5 0'; do
    lie 'ERR_USER_CODE 1' "fields place $place"
    also '.error | .name == "Error" and .message == "a lie"'
done
lie 'ERR_INTERNAL 3' 'dropped 5 4'
lie 'ERR_INTERNAL 3' 'dropped 1 2 3 2'
lie 'ERR_INTERNAL 3' 'dropped 18446744073709551615'
lie 'ERR_INTERNAL 3' 'dropped 9223372036854775808'
lie 'ok 0' 'dropped 1 2 4 4'
also '.droppedStdout == 4'
for bytes in 0 1 8; do
    lie 'ERR_INTERNAL 3' "dropped-shape $bytes"
done
for stream in 2 -1 127 -128 48; do
    lie 'ERR_INTERNAL 3' "stream $stream"
done
for bytes in 0 1 8 15; do
    lie 'ERR_INTERNAL 3' "started-shape $bytes"
done
lie 'ok 0' 'started-numbers 18446744073709551615 18446744073709551615'
also '.cpuTimeMs < 1000'
lie 'ok 0' 'started-numbers 9223372036854775808 0'
also '.cpuTimeMs < 1000'

# ---- amounts: exactly at a limit, and one more

lie 'ok 0' 'exports 1000' --max-export-bytes 1000
also '.exports.a | length == 992'
lie 'ERR_INTERNAL 3' 'exports 1001' --max-export-bytes 1000
lie 'ERR_INTERNAL 3' 'exports 16777217'
lie 'ERR_INTERNAL 3' 'exports 100000000'
set_only peak 70000 # 16 MiB are within the limit, and a buffer that grows is there twice for a moment
lie 'ERR_INTERNAL 3' 'exports 100000000' --max-export-bytes 0
set_only peak 220000
lie 'ok 0' 'console 100 9 x' --max-stderr-bytes 1000
also '.stderr | length == 100'
lie 'ERR_INTERNAL 3' 'console 101 9 x' --max-stderr-bytes 1000
lie 'ERR_INTERNAL 3' 'console 1 1000 x' --max-stderr-bytes 1000
lie 'ok 0' 'console 1 999 x' --max-stderr-bytes 1000
lie 'ERR_INTERNAL 3' 'console 1001 0 x' --max-stderr-bytes 1000
lie 'ERR_INTERNAL 3' 'console 1 500 \u00e4' --max-stderr-bytes 1000
lie 'ok 0' 'console 1 499 \u00e4' --max-stderr-bytes 1000
lie 'ERR_INTERNAL 3' 'console 1 334 \ud800' --max-stderr-bytes 1000
lie 'ERR_INTERNAL 3' 'console 1 250 \ud83d\ude00' --max-stderr-bytes 1000
lie 'ERR_INTERNAL 3' 'console 2 1048570 x'
lie 'ERR_WORKER_CRASHED 3' fatal
also '.error.message | test("^[ -~]*$")'
lie 'ERR_WORKER_CRASHED 3' fatal-forged
also '.error.message | test("^[ -~]*$")'

# ---- calls of host functions

# Functions of these globals: 1 and 3 are canned, 2 and 7 programs, 5 a member; 0, 4 and 6 are none.
calls_of() {
    lie "$@" --globals globals.json
    cat >"$job/globals.json" <<'JSON'
{
    "value": {"value": 1},
    "canned": {"returns": 1},
    "program": {"command": ["touch", "started"]},
    "slow": {"returns": 1, "delayMs": 20000},
    "members": {"members": {"inner": {"returns": 1}}},
    "expression": {"expression": "1"},
    "service": {"service": ["touch", "started"]}
}
JSON
}

# The same, and no program has been started.
idle_calls_of() {
    calls_of "$@"
    set_to absent started
}

# Sources without their types, asked for in ways that make no sense. The worker that erases them tells the same lie.
for acts in 0ED. 2ED. iED. mED. hED. uED. fED. aaED. aED; do
    lie 'ERR_INTERNAL 3' "strip $acts"
done
lie 'ERR_INTERNAL 3' 'strip aED.' --language js
lie 'ERR_WORKER_CRASHED 3' 'strip a' # the other one does not even find its lie
lie 'ok 0' 'strip ED.'

calls_of 'ok 0' 'calls ScED. 1'
also '.bridgeCalls | map([.name, .argBytes, .resultBytes, .ok]) == [["canned", 2, 1, true]]'
calls_of 'ok 0' 'calls ScED. 5'
also '.bridgeCalls[0].name == "members.inner"'
calls_of 'ok 0' 'calls ScED. 3' # it does not wait for an answer that takes 20 s
also '.bridgeCalls | map(.ok) == [false]'
within 5000
calls_of 'ERR_WORKER_CRASHED 3' 'calls Sc. 7'
for function in 0 4 6 8 9 255 2147483648 4294967295; do
    idle_calls_of 'ERR_INTERNAL 3' "calls ScED. $function"
    also '.bridgeCalls == []'
    idle_calls_of 'ERR_INTERNAL 3' "calls SbED. $function"
    also '.bridgeCalls == []'
done
lie 'ERR_INTERNAL 3' 'calls ScED. 0' # nothing is declared
lie 'ERR_INTERNAL 3' 'calls SbED. 0'
for order in cSED. bSED. hSED. ShED. SBED. SEDc SEDb SbcED. SbbED. SbD.; do
    idle_calls_of 'ERR_INTERNAL 3' "calls $order 2"
done
calls_of 'ERR_BRIDGE_CALL_LIMIT_EXCEEDED 1' 'calls SbL. 1'
also '.bridgeCalls | map([.name, .ok, .blocked]) == [["canned", false, true]]'
for what in utf8 overlong surrogate cut control escape nul two comma closed unterminated bom newline kind null empty around inside; do
    idle_calls_of 'ERR_INTERNAL 3' "call-args 2 $what"
    also '(tojson | test("FORGED") | not) and .bridgeCalls == []'
done
# This takes a thread to be found, and the run may be over by then.
idle_calls_of 'ok|ERR_INTERNAL 0|3' 'call-args 2 deep'
also 'tojson | test("FORGED") | not'
calls_of 'ok 0' 'call-args 1 good'
also '.bridgeCalls[0].argBytes == 9'
calls_of 'ERR_BRIDGE_CALL_LIMIT_EXCEEDED 1' 'calls SmED. 1'
also '.bridgeCalls | length == 100'
idle_calls_of 'ERR_BRIDGE_PAYLOAD_TOO_LARGE 1' 'calls ScED. 2 ["0123456789"]' --max-bridge-payload-bytes 13
calls_of 'ERR_BRIDGE_CALL_LIMIT_EXCEEDED 1' 'calls SccED. 1' --max-bridge-calls 1
also '.bridgeCalls | length == 1'
idle_calls_of 'ERR_WALL_TIMEOUT 1' 'calls SzcED. 2' --wall-time-ms 300 # after the end of the run
idle_calls_of 'ERR_WALL_TIMEOUT 1' 'calls SzcED. 7' --wall-time-ms 300
# Without a limit on calls there is one on those under way; their answers are not read.
for function in 1 3; do
    calls_of 'ERR_BRIDGE_CALL_LIMIT_EXCEEDED|ERR_WALL_TIMEOUT 1' "calls f $function" --max-bridge-calls 0 --wall-time-ms 3000
    set_only peak $((small + 160000))
    within $((3000 + 250 + SLACK + 2000))
done
calls_of 'ERR_BRIDGE_CALL_LIMIT_EXCEEDED 1' 'calls f 1'
calls_of 'ERR_INTERNAL 3' 'calls F 1' --max-bridge-calls 0 --wall-time-ms 0 --cpu-time-ms 0
# The end of a call that is not waited for any more: of one under way, twice, of one that is answered, of none.
for order in SckED. SckkED. SckcED. SuED. SckuED. SkcED.; do
    calls_of 'ok 0' "calls $order 1"
    calls_of 'ok 0' "calls $order 3" # its answer would come in 20 s
    within 5000
done
calls_of 'ok|ERR_HOST_BRIDGE 0|1' 'calls SckED. 7'
for order in kSED. SHED. ScHED. SEDk SckEDk; do
    calls_of 'ERR_INTERNAL 3' "calls $order 1"
done
lie 'ERR_INTERNAL 3' 'calls SkED. 0' # nothing is declared
calls_of 'ERR_WALL_TIMEOUT|ERR_CPU_TIMEOUT 1' 'calls K 1' --wall-time-ms 500
set_only peak $((small + 20000))
within $((500 + 250 + SLACK + 1000))
prefix_lie 'ERR_INTERNAL 3' 'calls SkD. 1'
set_to absent p.snap
prefix_lie 'ERR_INTERNAL 3' 'calls ScSD. 1'
set_to absent p.snap

# ---- beside the channel

lie 'ok 0' scribble
also '.exports == {"default": 1} and .stdout == [] and .stderr == []'
lie 'ok 0' descriptors
also '.exports == {"default": 1}'
lie 'ok|ERR_INTERNAL 0|3' out-of-band
lie 'ok 0' kill-group
also '.exports == {"default": 1}'
lie 'ok 0' daemon
within 2000
for how in sleeps hangs-up floods; do
    lie 'ok 0' "child done $how"
    test $how != floods || { set_only code ERR_INTERNAL && set_only status 3; }
    within 2000
    lie 'ERR_WORKER_CRASHED 3' "child started $how"
    within 2000
done

# ---- not listening: the parent's job is larger than any socket takes

big_job() {
    lie "$@"
    head -c 50000000 /dev/zero | tr '\0' ' ' >>"$job/agent.js"
    set_only peak $((small + 110000))
}
big_job 'ok 0' truth
big_job 'ok 0' 'deaf done 0'
big_job 'ERR_WALL_TIMEOUT 1' 'deaf started sleeps' --wall-time-ms 300
within $((300 + 250 + SLACK + 500))
big_job 'ERR_CPU_TIMEOUT 1' 'deaf started deaf-spins' --cpu-time-ms 200
big_job 'ERR_WORKER_CRASHED 3' 'deaf started 0'
for how in hangs-up half-hangs-up; do
    big_job 'ERR_INTERNAL 3' "deaf started $how"
    within 3000
done

# ---- lies to precompile: no file, or one that is no snapshot of this V8

prefix_lie 'ERR_PREFIX_NOT_SERIALIZABLE 1' 'blob 0 14.0-x engine' # in the trial run the liar says nothing of use
set_to absent p.snap
for what in '0 none engine' '0 14.0 none' '0 14.0 engine nul' '0 14.0 engine control' '0 14.0 engine exports' \
    '0 0123456789012345678901234567890123456789012345678901234567890123 engine' '2000 14.0 engine'; do
    prefix_lie 'ERR_INTERNAL 3' "blob $what"
    set_to absent p.snap
done
set_only peak 1700000 # up to 1 GiB of snapshot is within bounds
prefix_lie 'ERR_WORKER_CRASHED 3' 'blob 0 14.0 engine crash'
set_to absent p.snap
for order in SED. SD. SB. SBBS.; do
    prefix_lie 'ERR_INTERNAL|ERR_WORKER_CRASHED 3' "order $order"
    set_to absent p.snap
done
prefix_lie 'ERR_WARMUP_LIMIT 1' 'ends started deaf-spins' --cpu-time-ms 200
set_to absent p.snap
prefix_lie 'ERR_WARMUP_LIMIT 1' 'ends started deaf-sleeps' --wall-time-ms 200
set_to absent p.snap

run_jobs 8
report
