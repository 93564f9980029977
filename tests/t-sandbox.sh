#!/bin/sh
# SPDX-License-Identifier: MIT
# The sandbox, proven by real system calls as an ordinary user: tests/probe/sandbox.c, in namespaces of its own where
# they are to be had, so that an attack that succeeds reaches nothing.
: "${B:=$(cd "$(dirname "$0")/.." && pwd)/build}"
tests=$(cd "$(dirname "$0")" && pwd)
table=$tests/probe/layers-user.txt

if [ "$(id -u)" = 0 ]; then
    INPRIVATE_SETUID=$B/lib/iso4/probe exec "$B/helpers/inprivate" nobody "$B/helpers/sandbox" "$table" /tmp/setuid
elif "$B/helpers/inprivate" self true 2>/dev/null; then
    exec "$B/helpers/inprivate" self "$B/helpers/sandbox" "$table"
else
    exec "$B/helpers/sandbox" "$table"
fi
