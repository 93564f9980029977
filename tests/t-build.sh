#!/bin/sh
# Messages of scripts/install-deps and scripts/npm-ci about missing packages.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

deps=$ROOT/scripts/install-deps
libraries='libcurl4-openssl-dev libpcre2-dev libseccomp-dev libsodium-dev libuv1-dev libxxhash-dev'

# checks JOB... : install-deps --check
checks() {
    command="install-deps --check $*"
    "$deps" --check "$@" >out 2>err
    status=$?
    line=$(cat out)
}

# names PACKAGE...: one line, with a command that ends in these packages
names() {
    exits 1
    is 'standard output' "$line" ''
    is 'lines on stderr' "$(wc -l <err)" 1
    is 'packages' "$(sed 's/.*apt-get install -y --no-install-recommends //' err)" "$*"
}

test_that 'nothing is said where nothing is missing'
checks build test
exits 0
is 'output' "$(cat out err)" ''

# Headers of other packages, such as linux/seccomp.h and Node.js's uv.h, are no libraries.
test_that 'libraries that pkg-config does not know are missing, by the names of their packages'
PKG_CONFIG_LIBDIR=$work/none "$deps" --check build >out 2>err
status=$? line=$(cat out)
# shellcheck disable=SC2086
names $libraries

# A PATH with all that install-deps and its jobs need, but one program.
programs='apt-get env find g++ gcc head id ip jq make node npm openssl pkg-config prove sed sh sort tr unshare xmllint'
test_that 'a program that is missing is named by its package'
# lacks_program PROGRAM JOB PACKAGE...
lacks_program() {
    rm -rf path
    mkdir path
    for program in $programs; do
        test "$program" = "$1" || ln -s "$(command -v "$program")" path
    done
    PATH=$PWD/path "$deps" --check "$2" >out 2>err
    status=$? line=$(cat out)
    shift 2
    names "$@"
}
lacks_program prove test perl
lacks_program xmllint test libxml2-utils
# shellcheck disable=SC2086
lacks_program pkg-config build $libraries pkgconf

test_that 'an unknown job is refused'
checks build tset
exits 2
has 'stderr' "$(cat err)" 'usage: install-deps'

# npm NAME STATUS SAID: a program in place of npm, which installs nothing
npm_that() {
    mkdir -p bin packages source
    : >source/package.json
    : >source/.npmrc
    cat >bin/npm <<SH
case \$1 in
ci) exit $1 ;;
view) echo "$2"; exit $3 ;;
esac
SH
    chmod +x bin/npm
    printf '{\n  "packages": {\n    "node_modules/tool": {\n    }\n  }\n}\n' >source/package-lock.json
    PATH=$PWD/bin:$PATH "$ROOT/scripts/npm-ci" source packages tool/bin/tool >out 2>err
    status=$? line=$(cat out)
}

test_that 'npm that ends well and installs nothing is a failure with its cause'
npm_that 0 'npm error request to somewhere failed, reason: getaddrinfo EAI_AGAIN somewhere' 1
exits 1
is 'lines on stderr' "$(wc -l <err)" 1
has 'stderr' "$(cat err)" 'iso4: npm cannot fetch tool: getaddrinfo EAI_AGAIN somewhere. ' 'make again'
npm_that 0 1.0.0 0
exits 1
has 'stderr' "$(cat err)" 'the registry answers' 'node_modules/tool/bin/tool is missing'

test_that 'npm that fails is a failure'
npm_that 1 1.0.0 0
exits 1
mkdir -p packages/node_modules/tool/bin
: >packages/node_modules/tool/bin/tool
npm_that 1 1.0.0 0
exits 1
npm_that 0 1.0.0 0
exits 0

# ---- the Makefile, with one object in a build folder of its own

object=b/host-o/core/buf.c.o

# made WORD... : make, in the folder of the sources, with what it says in out
made() {
    command="make $*"
    (unset MAKEFLAGS MAKELEVEL MFLAGS && make -C "$ROOT" --no-print-directory B="$work/b" "$@") >out 2>err
    status=$?
    line=$(cat out)
}

# compiled WANT WORD...: whether make compiles the object
compiled() {
    _want=$1
    shift
    made "$work/$object" "$@"
    exits 0
    is "compiled by make $*" "$(grep -c ' CC ' out)" "$_want"
}

test_that 'other flags compile anew, and WERROR=1 stays in force for the folder'
compiled 1
compiled 0
compiled 1 WERROR=1
compiled 0
compiled 1 CFLAGS=-O1
compiled 0 CFLAGS=-O1
compiled 1 CFLAGS=-O1 WERROR=
compiled 0 CFLAGS=-O1
compiled 0 CFLAGS=-O1 CC='ccache gcc'

test_that 'a path with a space is refused where it is given'
made B='a b' clean
exits 2
has 'stderr' "$(cat err)" "iso4: B must be a path without spaces, not 'a b'"

test_that 'clean removes the build folder that is named, and no other'
made clean
exits 0
test ! -e "$work/b" || fail 'it is still there'
mkdir "$work/b"
made clean
exits 0
test -d "$work/b" || fail 'a folder that was never built in is gone'

test_done
