# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034 # names that scripts use
# tests/private.sh - for tests that run in namespaces of their own (tests/helpers/inprivate.c): sets B and tests, the
# folders of what is built and of these files, and inprivate, the program.
: "${B:=$(cd "$(dirname "$0")/.." && pwd)/build}"
tests=$(cd "$(dirname "$0")" && pwd)
inprivate=$B/helpers/inprivate
export B

# The user "nobody" may be unable to read the tree: one below /root, or built under umask 077. Then B and tests become, from
# here on and inside only, folders of a copy that this user can read. For root, before inprivate is run.
readable_by_nobody() {
    unset TMPDIR
    # The inner shell expands $1 and $2.
    # shellcheck disable=SC2016
    setpriv --reuid=65534 --regid=65534 --clear-groups sh -c 'test -r "$1/lib.sh" && test -x "$2/bin/iso4" && test -r "$2/lib/iso4/worker.so"' \
        sh "$tests" "$B" && return
    INPRIVATE_TREE=$(mktemp -d) || exit 1
    export INPRIVATE_TREE
    trap 'rm -rf "$INPRIVATE_TREE"' EXIT
    trap 'exit 129' HUP INT TERM
    mkdir "$INPRIVATE_TREE/build"
    cp -R "$B/bin" "$B/lib" "$B/helpers" "$INPRIVATE_TREE/build/"
    cp -R "$tests" "$INPRIVATE_TREE/tests"
    chmod -R a+rX "$INPRIVATE_TREE"
    case ${ISO4-} in "$B"/*) export ISO4=/tmp/tree/build/bin/iso4 ;; esac
    B=/tmp/tree/build
    tests=/tmp/tree/tests
}
