#!/bin/sh
# SPDX-License-Identifier: MIT
# t-tags.sh - every row of core/value_tags.h: the decoder and the encoder of the worker, declarations in TypeScript,
# messages about schemas and iso4-result(5) know its tag.
# shellcheck source=tests/lib.sh disable=SC2016 # the $ in quotes are those of "$type"
. "$(dirname "$0")/lib.sh"

# A line for each tag: name|TypeScript type|words of messages.
table=$(sed -n '/^#define ISO_VIEW_TAGS/,/^enum value_tag/s/^    X(//p' "$ROOT/core/value_tags.h" | sed 's/VALUE_TAGGED/"a tagged value"/' |
    awk -F '"' '{ sub(/,.*/, "", $1); print $1 "|" ($4 == "" ? $1 : $2) "|" ($4 == "" ? $2 : $4) }')

# The other members of a tagged value, which the encoder writes in the same way.
members() {
    case $1 in
    object) echo '"value":{"$type":"mine"}' ;;
    string) echo '"utf16":"ANg="' ;;
    number) echo '"value":"-Infinity"' ;;
    bigint) echo '"value":"12"' ;;
    undefined) ;;
    date) echo '"value":"2000-01-01T00:00:00.000Z"' ;;
    map) echo '"entries":[[1,"one"]]' ;;
    set) echo '"values":[1]' ;;
    regexp) echo '"source":"a+","flags":"g"' ;;
    error) echo '"name":"RangeError","message":"far"' ;;
    *) echo '"base64":"AAAAAAAA8D8="' ;;
    esac
}

test_that 'the table has the tags that iso4-result(5) lists'
has 'the table' "$table" 'bigint|bigint|a bigint'
documented=$(sed -n '/^\.It Em \$type/,/^\.El/s/^\.It \([A-Za-z0-9]*\) Ta.*/\1/p' "$ROOT/man/iso4-result.5" | sort -u)
is 'the tags, with that of iso4-globals(5)' "$(echo "$table" | cut -d '|' -f 1 | sort)" "$(printf '%s\ndate\n' "$documented" | sort)"

test_that 'the worker decodes each tag, and encodes the value with the same one'
tags=$(echo "$table" | cut -d '|' -f 1)
for tag in $tags; do
    others=$(members "$tag")
    tagged="{\"\$type\":\"$tag\"${others:+,$others}}"
    globals "{\"given\": {\"value\": [$tagged]}}"
    agent 'export const kind = [typeof given[0], Object.hasOwn(Object(given[0]), "$type")].join(), back = given' -g globals.json
    case $tag in
    date) want='["2000-01-01T00:00:00.000Z"]' ;; # by its toJSON
    *) want="[$tagged]" ;;
    esac
    case $tag in
    bigint | number | string | undefined) kind=$tag,false ;;
    object) kind=object,true ;;
    *) kind=object,false ;;
    esac
    gives "{\"back\":$want,\"kind\":\"$kind\"}"
done

test_that 'declarations in TypeScript have the type of each tag'
for tag in $tags; do
    others=$(members "$tag")
    globals "{\"given\": {\"value\": [{\"\$type\":\"$tag\"${others:+,$others}}]}}"
    type=$(echo "$table" | sed -n "s/^$tag|\(.*\)|.*/\1/p")
    iso inspect --dts globals.json
    case $tag in
    object) lacks 'the declaration' "$line" unknown && has 'the declaration' "$line" '$type: string' ;;
    *) is 'the declaration' "$line" "declare const given: ${type}[];" ;;
    esac
done

test_that 'messages about schemas name the value of each tag'
for tag in $tags; do
    others=$(members "$tag")
    said=$(echo "$table" | sed "s/^$tag|.*|//; t; d")
    case $tag in
    object) said='an object' ;;
    string | date) said='a string' ;; # an argument that is a Date arrives as a string
    number) said=-Infinity ;;
    esac
    globals "{\"given\": {\"value\": [{\"\$type\":\"$tag\"${others:+,$others}}]},
        \"take\": {\"returns\": 1, \"parameters\": {\"type\": \"array\", \"items\": {\"type\": \"boolean\"}}}}"
    agent 'await take(given[0], true)' -g globals.json
    fails ERR_HOST_BRIDGE
    has 'the error' "$line" "must be a boolean, not $said"
done

test_done
