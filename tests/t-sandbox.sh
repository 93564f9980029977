#!/bin/sh
# SPDX-License-Identifier: MIT
# The sandbox, proven by real system calls as an ordinary user: tests/probe/sandbox.c, in namespaces of its own where
# they are to be had, so that an attack that succeeds reaches nothing.
# shellcheck source-path=SCRIPTDIR source=private.sh
. "$(dirname "$0")/private.sh"

if [ "$(id -u)" = 0 ]; then
    readable_by_nobody
    INPRIVATE_SETUID=$B/lib/iso4/probe "$inprivate" nobody "$B/helpers/sandbox" "$tests/probe/layers-user.txt" /tmp/setuid
elif "$inprivate" self true 2>/dev/null; then
    exec "$inprivate" self "$B/helpers/sandbox" "$tests/probe/layers-user.txt"
else
    exec "$B/helpers/sandbox" "$tests/probe/layers-user.txt"
fi
