#!/bin/sh
# SPDX-License-Identifier: MIT
# MODULES=FOLDER build.sh OUTDIR - bundles each library here into one ES module without imports, OUTDIR/NAME.js, which puts the
# library on globalThis: prefixes for `iso4 precompile`. OUTDIR/modules/NAME.js export what the package exports: sources
# for `--import NAME=`. The caller keeps the stamp that says it was done, and has installed the packages below FOLDER.
set -eu

[ $# = 1 ] || {
    echo "usage: build.sh OUTDIR" >&2
    exit 2
}
mkdir -p "$1"
modules=$(cd "${MODULES:-build/modules}" && pwd)
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"
esbuild=$modules/prelude/node_modules/.bin/esbuild
NODE_PATH=$modules/libraries/node_modules # esbuild looks for packages there
export NODE_PATH

# Everything is made beside its place and moved there whole, on the same file system.
new=$(mktemp -d "$out/.new.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 1' HUP INT TERM

bundle() {
    name=$1
    shift
    "$esbuild" "$name.mjs" --bundle --format=esm --target=esnext --log-level=warning "$@" --outfile="$new/$name.js"
}

# module NAME EXPORTS: the same for a package as it is imported, as one would ship it
module() {
    echo "$2" | "$esbuild" --bundle --format=esm --target=esnext --minify --log-level=warning --outfile="$new/modules/$1.js"
}

bundle lodash
bundle zod
bundle zodlodash --minify
bundle mid
cp small.js "$new/small.js"
# The compiler is one file already, and stays as it is shipped.
{
    cat "$NODE_PATH/typescript/lib/typescript.js"
    echo 'globalThis.ts = ts;'
} >"$new/typescript.js"

module acorn "export * from 'acorn';"
module date-fns "export * from 'date-fns';"
module lodash-es "export * from 'lodash-es'; export { default } from 'lodash-es';"
module zod "export * from 'zod'; export { default } from 'zod';"

mkdir -p "$out/modules"
mv -f "$new"/modules/*.js "$out/modules/"
mv -f "$new"/*.js "$out/"
