#!/bin/sh
# The conformance of the web platform: the figures are those of iso4-api(7), and URLs pass 99 percent.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

have() {
    test -d "${MODULES-$ROOT/build/modules}/conformance/node_modules/whatwg-url" && return
    skip 'the packages of tests/conformance are not installed: make test does it'
    return 1
}

test_that 'all cases pass but for the gaps that are named'
if have; then
    ISO4=$ISO4 "$NODE" "$TESTS/conformance/run.mjs" --list >"$work/figures" 2>"$work/said"
    status=$?
    is 'status' "$status" 0
    test "$status" = 0 || fail "$(head -n 40 "$work/figures" "$work/said")"
    within 'areas' "$(grep -c -v '^#' "$work/figures")" 16 1000
fi

test_that 'iso4-api(7) has the figures that were measured'
if have; then
    # The figures of Node.js depend in a few cases on the load of the machine.
    grep -v '^#' "$work/figures" | cut -f 1-4 | tr '\t' ' ' | sort >got
    sed -n 's/^\.It \([a-z0-9-]*\) Ta \([0-9]*\) Ta \([0-9]*\) Ta \([0-9.]*\) Ta [0-9]*$/\1 \2 \3 \4/p' "$ROOT/man/iso4-api.7" | sort >want
    holds 'figures' diff want got
fi

test_that 'URLs pass at least 99 percent'
if have; then
    for area in url url-setters url-params; do
        within "$area" "$(awk -v area="$area" '$1 == area { print $4 }' "$work/figures")" 99 100
    done
fi

test_that 'iso4-api(7) lists the globals that agents find'
agent 'const bare = "console setTimeout setInterval clearTimeout clearInterval queueMicrotask".split(" ");
const isClass = (n) => { try { globalThis[n](); } catch (e) { return e.message.startsWith("Class constructor"); } };
export default Object.getOwnPropertyNames(globalThis).filter((n) => bare.includes(n) || /^[a-z]/.test(n) && !/^(decode|encode|escape|eval|globalThis|is[FN]|parse|undefined|unescape)/.test(n) || /^[A-Z]/.test(n) && isClass(n)).join("\n");'
jq -r .exports.default out | grep -vE '^(ReadableStream.+|ReadableByte.*|WritableStream.+|TransformStream.+|Crypto|Performance)$' | sort >want
sed -n '/^\.Ss Globals/,/^\.Ss Console/s/^\.\(Fn\|Vt\|Va\) \([A-Za-z.]*\).*/\2/p' "$ROOT/man/iso4-api.7" | sed 's/\..*//' | sort -u >named
comm -23 want named >missing
is 'not named' "$(cat missing)" ''
within 'globals' "$(wc -l <want)" 30 100

test_that 'and what a prefix does not find'
prefix 'globalThis.here = (path) => { try { return (0, eval)(path) !== undefined; } catch { return false; } }; globalThis.before = {}; const names = ["Temporal", "DisposableStack", "AsyncDisposableStack", "SuppressedError", "Atomics.pause", "Date.prototype.toTemporalInstant", "Error.isError", "Iterator.concat", "Map.prototype.getOrInsert", "Map.prototype.getOrInsertComputed", "WeakMap.prototype.getOrInsert", "Promise.try", "RegExp.escape", "Uint8Array.fromBase64", "Uint8Array.prototype.toHex"];
for (const n of names) before[n] = here(n);'
agent 'export default [Object.values(before).some(Boolean), Object.keys(before).every(here)];' -s p.snap --allow-eval
completes '{"default":[false,true]}'
sed -n '/^\.Ss .*In a prefix/,/^\.Ss/p' "$ROOT/man/iso4-api.7" >page
for name in Temporal DisposableStack AsyncDisposableStack SuppressedError Atomics.pause Date.prototype.toTemporalInstant Error.isError Iterator.concat Map.prototype.getOrInsert Promise.try RegExp.escape; do
    holds "$name" grep -q "$name" page
done

test_done
