#!/bin/sh
# SPDX-License-Identifier: MIT
# Snapshots whose V8 blob was changed and whose digest fits all the same: the worker may die of it, the host notices no
# more than an error code. hostile/resign.c makes them, always the same for the same number. MUTANTS=N or FULL=1 (10,000)
# asks for more than 200; FIRST=N begins at another number.
# shellcheck source-path=SCRIPTDIR source=hostile/lib.sh disable=SC2016
. "$(dirname "$0")/hostile/lib.sh"

: "${MUTANTS:=${FULL:+10000}}"
: "${MUTANTS:=200}"
: "${FIRST:=1}"
export MUTANTS FIRST

compile resign "$HOSTILE/resign.c"
"$ISO4" precompile -q "$HOSTILE/prefixes/evaluator.js" -o sound.snap || bail 'cannot precompile'
cat >agent.js <<'END'
console.log('before', [1, { a: new Map([[1, 'x']]) }]);
setTimeout(() => console.log('in a timer'), 1);
await new Promise((yes) => setTimeout(yes, 3));
export default [made(), typeof make, Object.keys(kept), /a(b)/.exec('ab'), new Date(0), [3, 1, 2].sort()];
END

# In every other number without a JIT. One line for each: number, kind, exit status, peak in KiB, milliseconds, processes
# left, lines on stderr; then standard output as it is.
cat >mutate.sh <<'END'
part=$1 parts=$2
mkdir "$work/part$part" && cd "$work/part$part" || exit 1
number=$((FIRST + part))
while test $number -lt $((FIRST + MUTANTS)); do
    kind=$("$work/resign" ../sound.snap $number m.snap) || exit 1
    set -- run --cpu-time-ms 1000 --wall-time-ms 2000 --memory-mb 64
    test $((number / 2 % 2)) -eq 0 || set -- "$@" --jitless
    "$work/peak" record 30 "$ISO4" "$@" --snapshot m.snap ../agent.js >out 2>err </dev/null
    status=$?
    read -r peak wall left <record
    printf '%s %s %s %s %s %s %s ' $number "$kind" $status "$peak" "$wall" "$left" "$(wc -l <err)"
    cat out
    for core in core core.*; do
        test ! -e "$core" || echo "a core file of $number"
    done
    number=$((number + parts))
done
END
for part in 0 1; do
    sh mutate.sh $part 2 >lines$part 2>&1 &
done
wait
cat lines0 lines1 >lines

# check NAME COMMAND...: what the command prints is what is wrong
tests=0 bad=0
check() {
    tests=$((tests + 1)) wrong_name=$1
    shift
    "$@" >wrong 2>&1
    if test -s wrong; then
        bad=1
        echo "not ok $tests - $wrong_name"
        head -n 5 wrong | cut -c 1-400 | sed 's/^/# /'
    else
        echo "ok $tests - $wrong_name"
    fi
}

sound_agent() {
    "$work/resign" sound.snap 1 same.snap none >/dev/null || echo 'cannot re-sign'
    cmp sound.snap same.snap || echo 'a new digest of the same bytes is not the same'
    "$ISO4" run --snapshot same.snap agent.js | jq -c 'select(.ok and (.exports.default[0] == 42) and (.stdout | length == 2) | not)'
}
digests() {
    "$work/resign" sound.snap 1 flipped.snap >/dev/null
    # The same change without a new digest: found, before V8 sees a byte of it.
    { head -c 256 sound.snap && tail -c +257 flipped.snap; } >unsigned.snap
    "$ISO4" run --snapshot unsigned.snap agent.js >unsigned.out
    test $? -eq 3 || echo 'exit status is not 3'
    jq -r 'select(.error.code != "ERR_SNAPSHOT_INVALID") | .error.code' unsigned.out
}
check 'a sound snapshot that is signed again is the same and runs' sound_agent
check 'a changed snapshot that is not signed again is refused' digests
check "$MUTANTS mutants were run" sh -c "test \$(wc -l <lines) -eq $MUTANTS || wc -l lines"
check 'each gives exactly one JSON document on one line, with ok or an error code' sh -c '
    cut -d " " -f 8- lines | jq -c "select((.ok == true and (.exports | type == \"object\")) or
        (.ok == false and (.error.code | test(\"^ERR_\"))) | not)"
    awk "NF < 8" lines'
check 'the exit status is 0, 1 or 3, and fits the document' awk '
    !($3 == 0 && /"ok":true,/ || $3 == 1 && /"ok":false,/ || $3 == 3 && /"ok":false,/)' lines
check 'exit status 3 stands for a worker that died or was refused, 1 for a run that failed' awk '
    $3 == 3 && !/"code":"ERR_(WORKER_CRASHED|SANDBOX_VIOLATION|SNAPSHOT_[A-Z]+|INTERNAL)"/ ||
    $3 == 1 && !/"code":"ERR_(USER_CODE|CPU_TIMEOUT|WALL_TIMEOUT|MEMORY_LIMIT|EXPORT_[A-Z_]+|COMPILE|DID_NOT_SETTLE|MODULE_NOT_FOUND)"/' lines
check 'none hangs: boot has 20 s, then the limits hold' awk '$5 > 24000' lines
check 'iso4 and its worker stay within the budget and 64 MiB' awk '$4 > (64 + 64) * 1024' lines
check 'no process is left' awk '$6 != 0' lines
check 'nothing is written to stderr' awk '$7 != 0' lines
check 'mutations reach V8: some runs fail, and some workers die' sh -c '
    grep -q "\"ok\":false" lines || echo "none failed"
    grep -q ERR_WORKER_CRASHED lines || echo "none died"'

echo '# outcomes:'
sed 's/"message":"the worker crashed: \(signal [A-Z]*\|V8 gave up\).*/"died":"\1"/
    s/^[^{]*{"ok":true.*/ok/
    s/^[^{]*{.*"code":"\([A-Z_]*\)".*"died":"\(.*\)"/\1, \2/
    s/^[^{]*{.*"code":"\([A-Z_]*\)".*/\1/' lines | sort | uniq -c | sort -rn | sed 's/^/# /'
awk '{ if ($4 > peak) peak = $4; if ($5 > slowest) { slowest = $5; which = $1 } }
    END { print "# largest: " peak " KiB; slowest: " slowest " ms, number " which }' lines
echo "1..$tests"
test $bad -eq 0
