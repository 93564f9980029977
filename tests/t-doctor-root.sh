#!/bin/sh
# SPDX-License-Identifier: MIT
# iso4 doctor and runs with root as the caller, with all rights and with fewer.
# shellcheck source-path=SCRIPTDIR source=private.sh
. "$(dirname "$0")/private.sh"
if [ "$(id -u)" != 0 ] || ! "$inprivate" root true 2>/dev/null; then
    echo '1..0 # SKIP needs root with the right to make namespaces'
    exit 0
fi
if [ -z "${IN_PRIVATE-}" ]; then
    readable_by_nobody
    IN_PRIVATE=1 "$inprivate" root sh "$tests/${0##*/}" "$@"
    exit
fi
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# found MISSING HOW COMMAND...: doctor, started by these words, misses these layers and no other; a strict run agrees
found() {
    missing=$1
    test_that "root $2"
    shift 2
    command="$* iso4 doctor"
    "$@" "$ISO4" doctor --json >out 2>err
    status=$? line=$(cat out)
    exits 0
    json '[.ok, .wholeStack.refused == .wholeStack.attempts, .uid]' '[true,true,0]'
    json '[.layers[] | select(.held | not).name]' "$missing"
    test "$missing" = '[]' || has 'what would mend it' "$line" CAP_SETUID
    "$@" "$ISO4" run --sandbox=strict -e 'export default 1' >out 2>err
    status=$? line=$(cat out)
    if test "$missing" = '[]'; then
        completes '{"default":1}'
    else
        fails ERR_SANDBOX_UNAVAILABLE 3
    fi
}

found '[]' 'as usual: every layer holds' env
found '["empty-root","not-root"]' 'without capabilities cannot map itself' setpriv --bounding-set=-all --inh-caps=-all
found '["empty-root","not-root"]' 'that is not special cannot either' setpriv --securebits=+noroot,+noroot_locked
found '[]' 'without the right to administrate: every layer holds' setpriv --bounding-set=-sys_admin
found '[]' 'that may gain nothing: every layer holds' setpriv --no-new-privs
found '[]' 'that may not map itself gives the worker another user' setpriv --bounding-set=-setfcap
found '["not-root"]' 'that may not change users keeps the worker root' setpriv --bounding-set=-setuid
found '["not-root"]' 'that may not change groups keeps the worker root' setpriv --bounding-set=-setgid
found '["empty-root","not-root"]' 'that may do neither gets no map' setpriv --bounding-set=-setuid,-setfcap
found '[]' 'in other groups: every layer holds' setpriv --groups=1,2,3

test_that 'root of a user namespace in which nothing is left'
# The inner shell expands $1.
# shellcheck disable=SC2016
unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$1" doctor --json' sh "$ISO4" >out 2>err
status=$?
line=$(cat out)
exits 0
json '[.layers[] | select(.held | not).name]' '["namespaces","empty-root","not-root"]'

# identity COMMAND...: the users, groups and other groups of a worker of the tool, started by these words
identity() {
    command="$* iso4 run"
    : >err
    "$@" "$ISO4" run -e 'console.log(1); await new Promise((wake) => setTimeout(wake, 1000))' --stream >out 2>err &
    runner=$!
    eventually test -s err
    child=$runner
    while more=$(children "$child") && test -n "$more"; do child=$more; done
    who=$(sed -n 's/^\([UG]id\|Groups\):[[:space:]]*//p' "/proc/$child/status" | tr -s '[:space:]' ' ')
    kill -TERM $runner
    wait $runner 2>/dev/null
    is 'users and groups' "$who" '65534 65534 65534 65534 65534 65534 65534 65534 '
}

test_that 'the worker of root has the user "nobody" and no groups'
identity env
identity setpriv --groups=1,2,3
test_that 'the worker of root without CAP_SETFCAP has the user "nobody", too'
identity setpriv --bounding-set=-setfcap

no_namespaces='clone3=ENOSYS,clone&0x10000000=EPERM'
test_that 'the worker of root has the user "nobody" also without namespaces'
identity "$B/helpers/underfilter" "$no_namespaces" --

# in_force LACK COMMAND...: a run goes well, and lacks these layers
in_force() {
    lack=$1
    shift
    command="$* iso4 run"
    "$@" "$ISO4" run -v -e 'export default 1' >out 2>err
    status=$? line=$(cat out)
    completes '{"default":1}'
    is 'missing' "$(sed -n 's/^iso4: sandbox layers that this machine does not give: //p' err)" "$lack"
}

# A worker that the parent could not end any more keeps its user.
test_that 'the worker of root that may not kill others stays root without namespaces'
in_force 'namespaces, empty-root, not-root' setpriv --bounding-set=-kill "$B/helpers/underfilter" "$no_namespaces" --
in_force '' setpriv --bounding-set=-kill

# Each call of the worker fails once: an agent that ran, ran as the user and without the rights that the run claims.
test_that 'after a fault no worker of root claims to have the user "nobody"'
"$B/helpers/underfilter" @child#100000=EPERM --report report -- "$ISO4" run -e 'export default 1' >out 2>err
calls=$(sed -n 's/^calls //p' report)
k=0 ran=0
while test $((k += 1)) -le "$calls"; do
    "$B/helpers/underfilter" "@child#$k=EPERM" --report report -- "$ISO4" run -v -e 'console.log("ran")' >out 2>err
    grep -q '"stdout":."ran"' out || continue
    ran=$((ran + 1))
    grep -q '^iso4: sandbox layers in force: .*, not-root,' err && ! grep -q '^Uid:[[:space:]]65534[[:space:]]65534[[:space:]]65534[[:space:]]65534$' report &&
        fail "call $k, $(sed -n 's/^failed //p' report): $(cat report)"
    test "$(grep -cE '^(NoNewPrivs:[[:space:]]1|CapEff:[[:space:]]0+|CapPrm:[[:space:]]0+)$' report)" = 3 || fail "call $k: $(cat report)"
done
within 'calls of the worker' "$calls" 200 2000
within 'runs in which the agent ran' "$ran" 50 2000

test_that 'an installation that only root can read'
mkdir -p closed/bin closed/lib/iso4
cp "$ISO4" closed/bin
cp "$B"/lib/iso4/worker.so "$B"/lib/iso4/*.snap closed/lib/iso4
ln -s "$B/lib/iso4/v8-host" closed/lib/iso4 # there is no room for it here
chmod 700 closed/lib
installed=$ISO4 ISO4=$PWD/closed/bin/iso4
in_force '' env
setpriv --bounding-set=-setfcap "$ISO4" run -e 'export default 1' >out 2>err
status=$? line=$(cat out)
fails ERR_SANDBOX_UNAVAILABLE 3
has 'message' "$line" 'no CAP_SETFCAP' 'cannot read the installed files: Permission denied'
ISO4=$installed

test_done
