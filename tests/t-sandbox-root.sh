#!/bin/sh
# SPDX-License-Identifier: MIT
# The same as t-sandbox.sh, with root as the caller: rights that root has must not reach the worker.
# shellcheck source-path=SCRIPTDIR source=private.sh
. "$(dirname "$0")/private.sh"

if [ "$(id -u)" != 0 ] || ! "$inprivate" root true 2>/dev/null; then
    echo '1..0 # SKIP needs root with the right to make namespaces'
    exit 0
fi
readable_by_nobody
INPRIVATE_SETUID=$B/lib/iso4/probe "$inprivate" root "$B/helpers/sandbox" "$tests/probe/layers-root.txt" /tmp/setuid
