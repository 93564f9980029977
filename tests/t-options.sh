#!/bin/sh
# SPDX-License-Identifier: MIT
# The table of options: no output replaces an input or another output, whichever options name them; the recipe of
# CONTRIBUTING.md for a new option.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016,SC1003 # quotes of sed
. "$(dirname "$0")/lib.sh"

# ---- outputs against inputs

# operands COMMAND: what it needs besides, in files that hold nothing of interest
operands() {
    case $1 in
    run) echo other.js ;;
    batch) echo other.jsonl ;;
    precompile) echo other.js ;;
    esac
}

# An empty directory with the file `kept`, which holds `{}`, under three names; and what commands need besides.
begin_files() {
    fresh
    mkdir below
    printf '{}' >kept
    ln -s ../kept below/link
    echo 'export default 1' >other.js
    echo '{"code": "export default 1"}' >other.jsonl
}

# keeps OPTION: the command was refused before it did anything, since the option would replace `kept`
keeps() {
    refused "--$1 would replace '" "', which is read"
    is 'kept' "$(cat kept)" '{}'
    is 'files' "$(find . -type f ! -name out ! -name err | sort | tr '\n' ' ')" './kept ./other.js ./other.jsonl '
}

commands='run batch precompile'
for which in $commands; do
    for writes in $(options_of "$which" OPT_WRITES); do
        for reads in $(options_of "$which" OPT_READS); do
            test_that "$which: --$writes does not replace the file of --$reads"
            named=''
            case " $(options_of "$which" OPT_NAMED | tr '\n' ' ')" in
            *" $reads "*) named='app:x=' ;;
            esac
            # shellcheck disable=SC2310
            wrong=''
            case "$which $writes $reads" in
            'batch output resume') wrong="line 1 of 'kept' is no result" ;;
            'run record replay') wrong='--record with --replay needs --on-miss=live' ;;
            esac
            test -n "$wrong" && { # and nothing else is
                begin_files
                # shellcheck disable=SC2046 # words
                iso "$which" "--$writes" kept "--$reads" kept $(operands "$which")
                refused "$wrong"
                continue
            }
            output=''
            test "$which $writes" = 'precompile output' || test "$which" != precompile || output='-o other.snap'
            for name in ./kept below/link; do
                begin_files
                # shellcheck disable=SC2046,SC2086 # words
                iso $which $output "--$writes" "$name" "--$reads" "${named}kept" $(operands $which)
                keeps "$writes"
            done
        done
    done
done

test_that 'every use of an option that may be repeated counts'
begin_files
iso run --trace kept -I app:a=other.js -I app:x=kept -I app:b=other.js other.js
keeps trace
iso precompile -o kept -w other.js -w kept other.js
keeps output
iso run --trace kept --limits kept --limits '{}' other.js
keeps trace

test_that 'an output does not replace an operand'
for arguments in 'run --trace' 'run --cpu-profile' 'run -o' 'run other.js -o' 'precompile -o' 'batch --trace'; do
    begin_files
    # shellcheck disable=SC2086 # words
    iso $arguments below/link kept
    keeps "$(echo "$arguments" | sed 's/.* //; s/^-o/output/; s/^--//')"
done

test_that 'an output does not replace the file that standard input comes from'
begin_files
for arguments in 'run --trace kept -' 'batch --trace kept -' 'run -g - --cpu-profile kept other.js' 'run -o kept -'; do
    command="iso4 $arguments <kept"
    # shellcheck disable=SC2086 # words
    timeout -k 1 $LONGEST "$ISO4" $arguments <kept >out 2>err
    status=$? line=$(cat out)
    keeps "$(echo "$arguments" | sed -E 's/.*(-o|--trace|--cpu-profile) .*/\1/; s/^-o/output/; s/^--//')"
done

test_that 'an output does not replace what definitions name: sources, programs, their arguments, certificates'
for definitions in '--imports {"app:x":{"source":"kept"}}' '--globals {"f":{"command":["./kept"]}}' \
    '--globals {"f":{"service":["cat","kept"]}}' '--globals {"f":{"fetch":{"allow":[{"host":"a.example","caFile":"kept"}]}}}' \
    '--globals {"o":{"members":{"f":{"command":["sh","kept"]}}}}' '--imports {"app:x":{"exports":{"f":{"command":["sh","kept"]}}}}'; do
    begin_files
    rm other.jsonl
    echo "${definitions#* }" >other.jsonl # under a name that begin_files knows
    iso run --trace below/link "${definitions%% *}" other.jsonl other.js
    keeps trace
    iso precompile -o below/link "${definitions%% *}" other.jsonl other.js
    keeps output
done

test_that 'a job whose file would be replaced is not run'
begin_files
echo '{"id": 1, "file": "kept"}' >other.jsonl
iso batch --trace kept other.jsonl
exits 1
json '[.id, .error.code, .error.message]' "[1,\"ERR_BAD_JOB\",\"job 1: --trace would replace 'kept', which is read: name another file for the output\"]"

# ---- outputs against one another

test_that 'two outputs do not go to one file, whether it is there or not'
for which in $commands; do
    for one in $(options_of "$which" OPT_WRITES); do
        for other in $(options_of "$which" OPT_WRITES); do
            test "$one" != "$other" || continue
            for name in kept new; do
                begin_files
                # shellcheck disable=SC2046 # words
                iso "$which" "--$one" "$name" "--$other" "below/../$name" $(operands "$which")
                refused "both write '" 'give two files'
                is 'kept' "$(cat kept)" '{}'
            done
        done
    done
done
begin_files
iso run -o new.json --trace new.trace --cpu-profile below/new.json other.js
exits 0

test_that 'pipes and devices may be read and written'
begin_files
iso run --trace /dev/null --cpu-profile /dev/null -o /dev/null /dev/null
exits 0

# ---- words and repetition, as the table has them

test_that 'an option that takes one of a few words takes these only, and help says which'
option_table | grep OPT_WORDS >words
holds 'rows' test -s words
while IFS="$(printf '\t')" read -r name _ _ values _; do
    which=$(for one in $commands mcp; do options_of "$one" OPT_WORDS | grep -qx "$name" && echo "$one"; done | head -n 1)
    iso "$which" "--$name=nonsense"
    # shellcheck disable=SC2086 # words
    refused "--$name takes " "'nonsense'" $values
done <words

test_that 'help says of which options every use counts'
export COLUMNS=1000 # each option in one line
for which in $commands; do
    iso help "$which"
    is "$which" "$(sed -nE 's/^ .*--([a-z-]+) .*\(repeatable\)$/\1/p' out | sort)" "$(options_of "$which" OPT_REPEATS | sort)"
done
unset COLUMNS

# ---- the recipe

test_that 'an option that is added by its recipe is parsed, helped, completed and guarded'
test -z "${SANITIZE-}" || {
    skip 'objects with a sanitizer do not link with others'
    test_done
}
made=$work/made
mkdir -p "$made/build"
for one in "$ROOT"/*; do
    case ${one##*/} in
    cli | man | build*) ;;
    *) ln -s "$one" "$made/" ;;
    esac
done
cp -R "$ROOT/cli" "$ROOT/man" "$made/"
mkdir "$made/build/host-o"
for one in "${B:-$ROOT/build}"/host-o/*; do
    test "${one##*/}" = cli || ln -s "$one" "$made/build/host-o/"
done
touch "$made/build/.deps"
# The steps of the recipe: a row of the table, its use, its sentence in the manual.
sed -i '/^#define ISO_OPTIONS(X)/a\    X(NOTES, 0, "notes", "FILE", OPT_WRITES, "txt", COMMAND_DOCTOR | COMMAND_RUN, "write a note to FILE") \\' "$made/cli/options.h"
sed -i 's/^    struct doctor d = {0};/    if (o->value[OPTION_NOTES])\n        return puts(o->value[OPTION_NOTES]) < 0;\n&/' "$made/cli/cmd_doctor.c"
if ! (unset MAKEFLAGS MAKELEVEL MFLAGS B && timeout 120 make -C "$made" -j2 CFLAGS=-O1 build/bin/iso4) >"$work/made.log" 2>&1; then
    fail "the copy does not build: $(tail -n 5 "$work/made.log")"
else
    new=$made/build/bin/iso4
    has 'help' "$($new help doctor)" '--notes FILE' 'write a note to FILE'
    has 'help of run' "$($new help run)" '--notes FILE'
    lacks 'help of batch' "$($new help batch)" '--notes'
    has 'bash' "$($new completion bash)" '--notes) __iso4_files txt ;;'
    is 'its use' "$($new doctor --notes here)" here
    echo 1 >agent.js
    has 'its guard' "$($new run --notes agent.js agent.js 2>&1)" "--notes would replace 'agent.js', which is read"
    is 'the agent' "$(cat agent.js)" 1
fi

test_done
