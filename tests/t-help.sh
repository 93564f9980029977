#!/bin/sh
# Help texts and --version: every command, option and limit of the tables is there.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016,SC2046,SC2086 # JavaScript in quotes; lists of words
. "$(dirname "$0")/lib.sh"

# offers COMMAND: its help has exactly the options that the tables have for it, each with a text
offers() {
    iso "$1" --help
    exits 0
    is 'stderr' "$(cat err)" ''
    case $1 in
    run | batch | serve | mcp | precompile) limits=$(sed -nE 's/^ *X\([A-Z_]+, "[a-zA-Z]+", "([a-z-]+)", .*/\1/p' "$ROOT/core/limits.h") ;;
    *) limits='' ;;
    esac
    is "options of $1" "$(sed -n 's/^  *\(-[a-zA-Z], \)\{0,1\}--\([a-z-]*\).*/\2/p' out | sort | tr '\n' ' ')" "$(printf '%s\n' $(options_of "$1") $limits | sort | tr '\n' ' ')"
    is 'lines without a text' "$(grep -cE '^ +(-., )?--[a-z-]+( [A-Z|]+)? *$' out)" 0
}

# Each option on one line, for the checks; a test below has the widths.
COLUMNS=1000
export COLUMNS

commands=$("$ISO4" help | sed -n 's/^  iso4 \([a-z]*\)  .*/\1/p')
test_that 'every command has options'
is 'commands' "$(for which in $commands; do options_of "$which" | grep -qx help && echo "$which"; done)" "$commands"

for which in $commands; do
    test_that "$which --help lists every option and limit of the tables"
    offers "$which"
done

test_that 'help shows the defaults of the limits'
default() {
    iso "$1" --help
    is "$1 --$2" "$(sed -n "s/^ *--$2 .*\[\([0-9]*\)\]\$/\1/p" out)" "$3"
}
default run cpu-time-ms 5000
default run wall-time-ms 30000
default run memory-mb 128
default run max-bridge-calls 100
default run max-bridge-payload-bytes 0
default run max-export-bytes 16777216
default run max-stdout-bytes 1048576
default run max-stderr-bytes 1048576
default run max-timers 10000
default precompile cpu-time-ms 10000
default precompile wall-time-ms 10000
default precompile memory-mb 128

# knows EXPRESSION: no command calls an option unknown that sed finds in its help
knows() {
    for which in $commands; do
        test "$which" != doctor || continue # it tries the sandbox each time
        iso $which --help
        options=$(sed -n "$1" out)
        for option in $options; do
            timeout 10 "$ISO4" $which "$option" >out 2>err
            lacks "answer to $which $option" "$(cat out err)." 'unknown option'
        done
    done
}

test_that 'every option of the help is one that the command knows'
knows 's/^  *\(-[a-zA-Z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'

test_that 'every letter of the help is the short form of its option'
knows 's/^  *\(-[a-zA-Z]\), --.*/\1/p'

test_that 'help COMMAND, COMMAND --help and COMMAND -h are the same'
for which in $commands; do
    iso help $which
    exits 0
    text=$line
    has 'usage' "$text" "Usage: iso4 $which"
    iso $which --help
    is "$which --help" "$line" "$text"
    iso $which -h
    is "$which -h" "$line" "$text"
done

test_that 'help lists the commands and the exit statuses'
for arguments in help --help -h; do
    iso "$arguments"
    exits 0
    has "iso4 $arguments" "$line" 'iso4 run' 'iso4 precompile' 'iso4 inspect' 'iso4 completion' 'iso4 help COMMAND' 'iso4 --version' 'Exit status'
    is 'stderr' "$(cat err)" ''
done

test_that 'without a command the same help is shown, with status 2'
iso --help
text=$line
iso
exits 2
is 'text' "$line$(cat err)" "$text"

test_that 'help for help is the help'
iso help help
exits 0
is 'text' "$line" "$text"

test_that 'help for a command that does not exist'
iso help frobnicate
refused frobnicate

test_that 'help lines fit the terminal, 80 columns when there is none, and hold the same words'
for which in help $commands; do
    iso help $which
    words=$(tr -s ' \n' ' ' <out)
    for COLUMNS in 40 50 63 64 80 100 120; do
        iso help $which
        is "long lines of $which at $COLUMNS" "$(grep -cE ".{$((COLUMNS + 1))}" out)" 0
        is "ends of lines of $which at $COLUMNS" "$(grep -c ' $' out)" 0
        is "words of $which at $COLUMNS" "$(tr -s ' \n' ' ' <out)" "$words"
    done
    for COLUMNS in '' 0 none 80; do
        iso help $which
        cp out "width$COLUMNS"
    done
    for COLUMNS in '' 0 none; do
        holds "$which without a width" cmp "width$COLUMNS" width80
    done
    rm width*
done
if command -v script >/dev/null; then
    COLUMNS=
    script -qec "stty cols 66; '$ISO4' help run" typescript </dev/null >/dev/null
    sed '1d; $d' typescript | tr -d '\r' >out
    COLUMNS=66
    is 'on a terminal' "$(cat out)" "$("$ISO4" help run)"
fi
COLUMNS=1000

test_that '--version is the name and a version'
iso --version
exits 0
is 'lines' "$(wc -l <out)" 1
holds 'form' grep -qxE 'iso4 [0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.]+)?' out

test_that '--version is the version that snapshots name'
echo 1 >prefix.js
iso precompile prefix.js -o p.snap -q
version=$("$ISO4" --version)
iso inspect --json p.snap
json .tool "\"$version\""

test_that 'the page for models has every limit and every code once, with whose fault it is'
iso help --agent
exits 0
is 'limits' "$(sed -nE 's/^- `([a-zA-Z]+)`: .*, [0-9]+$/\1/p' out)" "$(sed -nE 's/^ *X\([A-Z_]+, "([a-zA-Z]+)", "[a-z-]+", .*/\1/p' "$ROOT/core/limits.h")"
is 'codes' "$(grep -o '`ERR_[A-Z_]*`' out | tr -d '`' | sort)" "$(grep -o '"ERR_[A-Z_]*"' "$ROOT/core/error.h" | tr -d '"' | sort -u)"
for status in 1 2 3 4; do
    is "codes of status $status" "$(awk -v s="$status" '/^- [0-9], /{ on = ($2 == s ",") } on' out | grep -o '`ERR_[A-Z_]*`' | tr -d '`' | sort)" \
        "$(sed -nE "s/^ *X\([A-Z_]+, \"(ERR_[A-Z_]*)\", $status,.*/\1/p" "$ROOT/core/error.h" | sort)"
done
is 'code that it shows' "$(grep -c 'iso4 run --compact' out)" 1
iso help --agents
exits 2

test_done
