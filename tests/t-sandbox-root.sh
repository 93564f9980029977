#!/bin/sh
# SPDX-License-Identifier: MIT
# The same as t-sandbox.sh, with root as the caller: rights that root has must not reach the worker.
: "${B:=$(cd "$(dirname "$0")/.." && pwd)/build}"
tests=$(cd "$(dirname "$0")" && pwd)

if [ "$(id -u)" != 0 ] || ! "$B/helpers/inprivate" root true 2>/dev/null; then
    echo '1..0 # SKIP needs root with the right to make namespaces'
    exit 0
fi
INPRIVATE_SETUID=$B/lib/iso4/probe exec "$B/helpers/inprivate" root "$B/helpers/sandbox" "$tests/probe/layers-root.txt" /tmp/setuid
