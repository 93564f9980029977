# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# tests/hostile/lying.sh - for tests in which a program of ours stands in the place of V8's. Read after lib.sh, with the
# name of its source, $HOSTILE/$liar.c, in $liar.

# An installation whose V8 is the liar. The parent reads nothing of the snapshots but their heads.
real=$(cd "$(dirname "$ISO4")/../lib/iso4" && pwd)
tree=$work/tree
mkdir -p "$tree/bin" "$tree/lib/iso4"
cp "$ISO4" "$tree/bin/iso4" || bail 'no iso4 to lie to'
for part in base.snap ts.snap; do
    cp "$real/$part" "$tree/lib/iso4/$part" || bail 'no iso4 to lie to'
done
: >"$work/empty.c"
compile tree/lib/iso4/worker.so -shared -fPIC "$work/empty.c"
compile tree/lib/iso4/v8-host "$HOSTILE/$liar.c" "$ROOT/protocol/frame.c" "$ROOT/core/buf.c" "$ROOT/core/error.c"
ISO4=$tree/bin/iso4

# A parent under a sanitizer is large by itself.
small=40000
test -z "$SANITIZE" || small=400000

# frame NAME: its number
frame() {
    awk '/^#define ISO_FRAMES/ { on = 1; next } on && !/^ *X\(/ { exit } on { n++; if ($0 ~ "X\\('"$1"',") print n }' "$ROOT/protocol/frame.h"
}
test "$(frame CONSOLE)" = 3 || bail 'the table of frames in protocol/frame.h is not where it was'
