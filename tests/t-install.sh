#!/bin/sh
# Files of `make install` and their places, with all licences; `make uninstall` removes them.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

tree=$work/tree
built=$(dirname "$(dirname "$ISO4")")
# A path without the spaces that those of the sources may have. The variables of a make that started this are kept, and
# not its job server. What the tests have in their environment would be other flags than those of the build, and make
# would compile everything again while other tests use it.
case $built in "$ROOT"/*) made_in=${built#"$ROOT"/} ;; *) made_in=$built ;; esac
make_in() {
    (
        case ${MAKEFLAGS-} in *' -- '*) MAKEFLAGS="-- ${MAKEFLAGS#* -- }" ;; *) MAKEFLAGS='' ;; esac
        export MAKEFLAGS
        unset MAKELEVEL MFLAGS NODE MODULES LIBRARIES PRELUDE SANITIZE B
        make -C "$ROOT" --no-print-directory "$@" B="$made_in" DESTDIR="$tree" PREFIX=/opt/x >"$work/said" 2>&1
    )
}

test_that 'an installed tree has the program, its parts, manual pages and licences'
if test -w "$ROOT" && test -e "$built/licenses.txt"; then
    make_in install
    is 'status' $? 0
    is 'compiled again' "$(grep -cE '^ +(CC|LINK|SNAPSHOT) ' "$work/said")" 0
    (cd "$tree/opt/x" && find . -type f | sort) >got
    {
        echo ./bin/iso4
        for part in base.snap fetch probe ts.snap v8-host worker.so; do echo "./lib/iso4/$part"; done
        for text in LICENSE LICENSE.node licenses-ts.txt licenses.txt; do echo "./share/doc/iso4/$text"; done
        printf './share/%s\n' bash-completion/completions/iso4 fish/vendor_completions.d/iso4.fish zsh/site-functions/_iso4
        (cd "$ROOT/share" && printf './share/iso4/%s\n' * SKILL.md)
        (cd "$ROOT/man" && for page in *; do echo "./share/man/man${page##*.}/$page"; done)
    } | sort >want
    holds 'files' diff want got
    "$tree/opt/x/bin/iso4" help --agent >want
    holds 'the page for models is what the program prints' cmp want "$tree/opt/x/share/iso4/SKILL.md"
    is 'a run' "$("$tree/opt/x/bin/iso4" run -e 'export default new URL("a:b").href' | jq -c .exports)" '{"default":"a:b"}'
else
    skip 'the tree cannot be written to, or was not built here'
fi

test_that 'completions of the installed tree are those of its program'
if test -x "$tree/opt/x/bin/iso4"; then
    while read -r shell path; do
        "$tree/opt/x/bin/iso4" completion "$shell" >want
        holds "$shell" cmp want "$tree/opt/x/share/$path"
    done <<EOF
bash bash-completion/completions/iso4
zsh zsh/site-functions/_iso4
fish fish/vendor_completions.d/iso4.fish
EOF
else
    skip 'nothing was installed'
fi

test_that 'a worker starts with few libraries, and knows where V8 is'
cp "$built/lib/iso4/v8-host" v8-host
LC_ALL=C readelf -dW v8-host | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -v '^ld-linux' | sort >got
printf '%s\n' libc.so.6 libgcc_s.so.1 libm.so.6 >want
holds 'libraries of the executable' diff want got
is 'libraries of the worker object' "$(readelf -dW "$built/lib/iso4/worker.so" | grep -c 'NEEDED.*stdc')" 0
if readelf -hW v8-host | grep -q 'Type: *EXEC'; then
    is 'symbols that the worker object looks up in it' "$(readelf -rW "$built/lib/iso4/worker.so" | grep -c ' _ZN2v8')" 0
else
    skip 'this Node.js is placed anywhere'
fi

test_that 'a worker object does not run in another executable than its own'
mkdir -p other/bin other/lib/iso4
cp "$ISO4" other/bin/iso4
cp "$built/lib/iso4/worker.so" "$built/lib/iso4/base.snap" other/lib/iso4
mv v8-host other/lib/iso4/v8-host
offset=$(readelf -SW other/lib/iso4/v8-host | sed -n 's/^.*\.note\.gnu\.build-id *NOTE *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
printf 'iso4' | dd of=other/lib/iso4/v8-host bs=1 seek=$((0x$offset + 16)) conv=notrunc 2>/dev/null
other/bin/iso4 run -e 'export default 1' >out
is 'status' $? 3
is 'code' "$(jq -r .error.code out)" ERR_WORKER_CRASHED
has 'message' "$(cat out)" 'v8-host: is not the executable that worker.so was built for'
rm -rf other

# ld.so takes a list of names to preload, divided by spaces and colons, and expands $LIB and the like.
test_that 'an installed tree works below any path'
# shellcheck disable=SC2016 # words that ld.so would expand
for folder in 'a space' 'a:colon' '$LIB' "\${ORIGIN}'\"" 'a;b%20\n'; do
    mkdir -p "$folder/bin" "$folder/lib/iso4"
    cp "$ISO4" "$folder/bin"
    for part in worker.so v8-host base.snap fetch; do ln -s "$built/lib/iso4/$part" "$folder/lib/iso4"; done
    is "a run below $folder" "$("./$folder/bin/iso4" run -e 'export default 1' | jq -c .exports)" '{"default":1}'
    is "jobs below $folder" "$(echo '{"code": "export default 2"}' | "./$folder/bin/iso4" batch | jq -c .exports)" '{"default":2}'
done

test_that 'each package whose code is in the snapshot has its licence there'
if test -e "$tree/opt/x/share/doc/iso4/licenses.txt"; then
    jq -r '.dependencies | to_entries[] | "\(.key) \(.value) ("' "$ROOT/worker/prelude/package.json" >packages
    jq -r '.devDependencies | to_entries[] | select(.key == "@exodus/bytes") | "\(.key) \(.value) ("' "$ROOT/worker/prelude/package.json" >>packages
    while read -r package; do
        holds "$package" grep -qF "$package" "$tree/opt/x/share/doc/iso4/licenses.txt"
    done <packages
    is 'and no others' "$(grep -cE '^[@a-z][^ ]* [0-9][^ ]* \(.*\)$' "$tree/opt/x/share/doc/iso4/licenses.txt")" "$(wc -l <packages)"
    is 'licences' "$(grep -c 'Permission is hereby granted' "$tree/opt/x/share/doc/iso4/licenses.txt")" "$(wc -l <packages)"
    holds 'Node.js' grep -q 'Node.js is licensed for use as follows' "$tree/opt/x/share/doc/iso4/LICENSE.node"
else
    skip 'nothing was installed'
fi

test_that 'uninstall leaves no file'
if test -d "$tree"; then
    make_in uninstall
    is 'files' "$(find "$tree" ! -type d)" ''
else
    skip 'nothing was installed'
fi

test_done
