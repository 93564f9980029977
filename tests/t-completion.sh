#!/bin/sh
# `iso4 completion`: each shell accepts its output, which has every option; and what Tab offers.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ in quotes are the shells'
. "$(dirname "$0")/lib.sh"

COLUMNS=1000 # an option a line
export COLUMNS
all=$("$ISO4" help | sed -n 's/^  iso4 \([a-z]*\)  .*/\1/p')
for shell in bash zsh fish; do
    "$ISO4" completion $shell >"$work/completion.$shell"
done

# missing SHELL: skips the test where there is none
missing() {
    command -v "$1" >/dev/null && return 1
    skip "no $1"
}

# ---- all shells

test_that 'completion takes the name of one shell'
iso completion
refused 'bash, zsh or fish'
iso completion bash zsh
refused 'bash, zsh or fish'
iso completion tcsh
refused 'bash, zsh and fish' "'tcsh'"
iso completion bash
exits 0
is stderr "$(cat err)" ''

for shell in bash zsh fish; do
    test_that "$shell can read what completion $shell prints"
    missing $shell || holds syntax $shell -n "$work/completion.$shell"
done

# options_in SHELL COMMAND: the options that the script has for the command
options_in() {
    case $1 in
    bash) sed -n "/^_iso4_$2() /,/^}/s/^ *options) //p" "$work/completion.bash" | grep -oE -- '-[a-zA-Z]\b|--[a-z-]+' ;;
    zsh) sed -n "/^_iso4_$2() /,/^}/p" "$work/completion.zsh" | grep -oE "^ *('[^']*')?('\\*)?[{'][^[]*\\[" |
        sed "s/^ *'([^']*'//" | grep -oE -- '-[a-zA-Z]\b|--[a-z-]+' ;;
    fish) sed -n "s/^complete -c iso4 -n '__iso4_command $2'//p" "$work/completion.fish" |
        sed -nE 's/^( -s ([a-zA-Z]))? -l ([a-z-]+).*/-\2 --\3/p' | tr ' ' '\n' ;;
    esac | grep -v '^-$' | sort
}

for shell in bash zsh fish; do
    test_that "every option of --help is in what completion $shell prints, and no other"
    for which in $all; do
        "$ISO4" help "$which" | sed -nE 's/^  (-[a-zA-Z], |    )(--[a-z-]+).*/\1\2/p' | tr -d ' ' | tr ',' '\n' | sort >want
        options_in $shell "$which" >got
        holds "options of $which" test -s want
        holds "options of $which" diff want got
    done
done

for shell in zsh fish; do
    test_that "completion $shell has the text of every option"
    for which in $all; do
        "$ISO4" help "$which" | sed -nE 's/^  (-., |    )--[^ ]+( [^ ]+)? +//p' >want
        sed -e "s/'[\\]''/'/g" -e 's/[\\]//g' "$work/completion.$shell" >got
        while read -r text; do
            holds "$which: $text" grep -qF -- "$text" got
        done <want
    done
done

# ---- what is offered, in a directory with a file of each kind

here=$work/kinds
mkdir -p "$here/folder"
touch "$here/agent.js" "$here/a blank.js" "$here/kept.snap" "$here/stubs.json" "$here/jobs.jsonl" "$here/notes.txt"

cat >"$work/tab.bash" <<'SH'
# bash tab.bash SCRIPT WORD...: what bash offers for the line of these words, the last of them under the cursor; words
# that begin with = or :, or follow one that does, stand together, as readline has them
source "$1"
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE=$1 glue=
for word in "${@:2}"; do
    [[ $word == [=:]* || $glue ]] || COMP_LINE+=' '
    [[ $word == [=:]* ]] && glue=1 || glue=
    COMP_LINE+=$word
done
COMP_POINT=${#COMP_LINE}
_iso4 2>/dev/null
printf '%s\n' "${COMPREPLY[@]}" | sort -u | paste -sd,
SH

# in_bash WANT WORD...
in_bash() {
    want=$1
    shift
    is "$*" "$(cd "$here" && bash "$work/tab.bash" "$work/completion.bash" "$@")" "$want"
}

test_that 'bash knows what completes iso4, without the package bash-completion'
missing bash || is 'complete -p' "$(bash --norc -c '. "$1"; complete -p iso4' - "$work/completion.bash")" 'complete -F _iso4 iso4'

test_that 'bash: commands, options and words'
if ! missing bash; then
    in_bash "$(printf '%s\n' -h --help --version help "$all" | sort | paste -sd,)" iso4 ''
    in_bash precompile iso4 p
    in_bash '--sandbox,--seed,--skip-unserializable,--snapshot,--spill,--store,--stream,--strict-await' iso4 run --s
    in_bash '--color,--compact' iso4 inspect --co
    in_bash 'always,auto' iso4 run --color a
    in_bash 'always,auto,never' iso4 run --color =
    in_bash 'always' iso4 run --color = al
    in_bash 'default,strict' iso4 batch --sandbox ''
    in_bash 'bash,fish,zsh' iso4 completion ''
    in_bash "$(echo "$all" | sort | paste -sd,)" iso4 help ''
    in_bash '' iso4 run --seed ''
    in_bash '' iso4 frobnicate ''
fi

test_that 'bash: files by kind'
if ! missing bash; then
    in_bash 'a blank.js,agent.js,folder' iso4 run ''
    in_bash 'a blank.js,agent.js,folder' iso4 run -v ''
    in_bash 'a blank.js,agent.js,folder' iso4 precompile --warm ''
    in_bash 'a blank.js' iso4 run 'a\ '
    in_bash 'folder,kept.snap' iso4 run -s ''
    in_bash 'folder,kept.snap' iso4 run --snapshot =
    in_bash 'folder,kept.snap' iso4 inspect ''
    in_bash 'folder,kept.snap' iso4 precompile agent.js -o ''
    in_bash 'a blank.js,agent.js,folder,jobs.jsonl,kept.snap,notes.txt,stubs.json' iso4 run -o ''
    in_bash 'folder,stubs.json' iso4 run -g ''
    in_bash 'folder,jobs.jsonl' iso4 batch ''
    in_bash 'agent.js' iso4 run -I app : x = ag
    in_bash 'agent.js' iso4 run --import = x = ag
    in_bash '' iso4 run -I x
    in_bash '' iso4 run -- --
fi

cat >"$work/tab.zsh" <<'SH'
# zsh -f tab.zsh SCRIPT LINE: what an interactive zsh shows when Tab is pressed behind LINE, without colours
zmodload zsh/zpty
zpty tab zsh -f -i
zpty -w tab "PS1=; stty cols 200 rows 100; autoload -Uz compinit; compinit -u -D; source $1; ended() print -r 'EN''D'; zle -N ended; bindkey '^X' ended; print -r 'REA''DY'"
zpty -r -m tab shown '*READY*'
zpty -w -n tab "$2"$'\t'$'\x18'
zpty -r -m tab shown '*END*'
print -r -- "$shown"
zpty -d tab
SH

# in_zsh LINE TEXT...: zsh shows these texts
in_zsh() {
    zsh_line=$1
    shift
    shown=$(cd "$here" && timeout -k 1 $LONGEST zsh -f "$work/tab.zsh" "$work/completion.zsh" "$zsh_line" | sed 's/\x1b\[[0-9;<>?]*[a-zA-Z]//g')
    has "$zsh_line" "$shown" "$@"
}

test_that 'zsh: commands, options, words and files'
if ! missing zsh; then
    in_zsh 'iso4 ' 'precompile  -- Evaluate PREFIX.js once and keep the heap as a snapshot file.'
    in_zsh 'iso4 run --max-ex' '--max-export-bytes='
    in_zsh 'iso4 run --se' '--seed='
    in_zsh 'iso4 doctor --' '--json' '-- print JSON, not a table'
    in_zsh 'iso4 run --sandbox=' default strict
    in_zsh 'iso4 completion ' bash zsh fish
    in_zsh 'iso4 run -s ' kept.snap folder
    lacks 'run -s' "$shown" agent.js stubs.json
    in_zsh 'iso4 inspect k' kept.snap
    in_zsh 'iso4 run --import=app:x=ag' '=app:x=agent.js'
fi

# in_fish LINE WANT: fish offers these first
in_fish() {
    is "$1" "$(cd "$here" && HOME=$work fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$work/completion.fish" "$1" | cut -f 1 | head -n "$(echo "$2" | tr ',' '\n' | wc -l)" | paste -sd,)" "$2"
}

test_that 'fish: commands, options, words and files'
if ! missing fish; then
    in_fish 'iso4 ' "$(printf '%s\n' help "$all" | sort | paste -sd,)"
    in_fish 'iso4 run --skip' '--skip-unserializable'
    in_fish 'iso4 run --color ' 'always,auto,never'
    in_fish 'iso4 batch --sandbox=s' '--sandbox=strict'
    in_fish 'iso4 completion ' 'bash,fish,zsh'
    in_fish 'iso4 run -s ' 'kept.snap'
    in_fish 'iso4 run a' 'a blank.js,agent.js'
    in_fish 'iso4 batch -g ' 'stubs.json'
    in_fish 'iso4 run -I app:x=ag' 'app:x=agent.js'
    in_fish 'iso4 run --seed ' ''
fi

test_done
