#!/bin/sh
# SPDX-License-Identifier: MIT
# t-recipes.sh - follows recipes of CONTRIBUTING.md in a copy of the sources, and builds it.
#
# The copy has the objects of this build, so that only files that a recipe touches are compiled.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

built=$(dirname "$(dirname "$ISO4")")
copy=$work/tmp/copy

# The C text behind ```c NAME in CONTRIBUTING.md, where it is indented as part of a list.
recipe() {
    sed -n "/^ *\`\`\`c $1\$/,/^ *\`\`\`\$/{/\`\`\`/d;s/^   //;p;}" "$ROOT/CONTRIBUTING.md"
}

copy_sources() {
    mkdir -p "$copy/build/bin" "$copy/build/lib" &&
        tar -c -C "$ROOT" --exclude='./build*' --exclude=node_modules --exclude=./.git . | tar -x -C "$copy" &&
        cp -a "$built/.deps" "$built/host-o" "$copy/build" &&
        cp -a "$built/lib/iso4" "$copy/build/lib"
}

if [ -n "${SANITIZE:-}" ]; then
    test_that 'a kind of stub by the recipe'
    skip 'objects of another build'
    test_done
fi

test_that 'a kind of stub by the recipe: its name, its file, and nothing else'
copy_sources || fail 'the sources cannot be copied'
recipe echo.c >"$copy/host/kinds/echo.c"
sed -i 's/^    X(value) /    X(echo) \\\n&/' "$copy/host/kinds/kinds.h"
make -C "$copy" B=build build/bin/iso4 >make.out 2>&1 || fail "make: $(tail -n 5 make.out)"
globals '{"tools": {"members": {"same": {"echo": true, "maxCalls": 2, "parameters": {"type": "array", "maxItems": 2}}}}}'
ISO4=$copy/build/bin/iso4
agent 'export default await tools.same(1, ["x"])' -g globals.json
gives '{"default":[1,["x"]]}'
agent 'await tools.same(1, 2, 3)' -g globals.json
fails ERR_HOST_BRIDGE
has 'the result' "$line" "'tools.same' was called with arguments that do not fit"
globals '{"f": {"echo": 1}}'
agent '1' -g globals.json
refused "'f' echo is true or false"
globals '{"f": {"ekho": 1}}'
agent '1' -g globals.json
refused 'did you mean "echo"'

test_done
