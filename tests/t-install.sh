#!/bin/sh
# What `make install` puts where, with the licences of all that is in it, and what `make uninstall` leaves.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

tree=$work/tree
built=$(dirname "$(dirname "$ISO4")")
# shellcheck disable=SC2086 # two words: a variable of make, or nothing
make_in() {
    (unset MAKEFLAGS MAKELEVEL MFLAGS && make -C "$ROOT" --no-print-directory "$@" B="$built" DESTDIR="$tree" PREFIX=/opt/x >"$work/said" 2>&1)
}

test_that 'an installed tree has the program, its parts, manual pages and licences'
if test -w "$ROOT" && test -e "$built/licenses.txt"; then
    make_in install
    is 'status' $? 0
    (cd "$tree/opt/x" && find . -type f | sort) >got
    {
        echo ./bin/iso4
        for part in base.snap fetch probe v8-host worker.so; do echo "./lib/iso4/$part"; done
        for text in LICENSE LICENSE.node licenses.txt; do echo "./share/doc/iso4/$text"; done
        printf './share/%s\n' bash-completion/completions/iso4 fish/vendor_completions.d/iso4.fish zsh/site-functions/_iso4
        (cd "$ROOT/man" && for page in *; do echo "./share/man/man${page##*.}/$page"; done)
    } | sort >want
    holds 'files' diff want got
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
