#!/bin/sh
# SPDX-License-Identifier: MIT
# iso4 doctor and runs with root as the caller, with all rights and with fewer.
# shellcheck source-path=SCRIPTDIR source=lib.sh
: "${B:=$(cd "$(dirname "$0")/.." && pwd)/build}"
export B
if [ "$(id -u)" != 0 ] || ! "$B/helpers/inprivate" root true 2>/dev/null; then
    echo '1..0 # SKIP needs root with the right to make namespaces'
    exit 0
fi
if [ -z "${IN_PRIVATE-}" ]; then
    IN_PRIVATE=1 exec "$B/helpers/inprivate" root sh "$0" "$@"
fi
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
    test "$missing" = '[]' || has 'what would mend it' "$line" CAP_SETFCAP
    "$@" "$ISO4" run --sandbox=strict -e 'export default 1' >out 2>err
    status=$? line=$(cat out)
    if test "$missing" = '[]'; then
        completes '{"default":1}'
    else
        fails ERR_SANDBOX_UNAVAILABLE 3
    fi
}

found '[]' 'as usual: every layer holds' env
found '["empty-root"]' 'without capabilities cannot map itself' setpriv --bounding-set=-all --inh-caps=-all
found '["empty-root"]' 'that is not special cannot either' setpriv --securebits=+noroot,+noroot_locked
found '[]' 'without the right to administrate: every layer holds' setpriv --bounding-set=-sys_admin
found '[]' 'that may gain nothing: every layer holds' setpriv --no-new-privs
found '[]' 'in other groups: every layer holds' setpriv --groups=1,2,3

test_that 'root of a user namespace in which nothing is left'
# The inner shell expands $1.
# shellcheck disable=SC2016
unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$1" doctor --json' sh "$ISO4" >out 2>err
status=$?
line=$(cat out)
exits 0
json '[.layers[] | select(.held | not).name]' '["namespaces","empty-root"]'

test_done
