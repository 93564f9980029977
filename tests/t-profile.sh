#!/bin/sh
# --cpu-profile: that the file is a Profiler.Profile of V8's inspector, what it shows, and that the sandbox and limits
# are what they are without it.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ in quotes are jq's
. "$(dirname "$0")/lib.sh"

# https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#type-Profile: nodes are one tree with the root in
# front, each with a call frame; samples are of nodes; times are microseconds that add up.
cat >"$work/valid.jq" <<'EOF'
(.nodes | map({key: "\(.id)", value: .}) | from_entries) as $by
| (.nodes | map(.id) | length == (unique | length))
and (.nodes[0].callFrame.functionName == "(root)")
and (.nodes | all(.callFrame | [(.functionName, .url, .scriptId | type), (.lineNumber, .columnNumber | type)] == ["string","string","string","number","number"]))
and (.nodes | all(.callFrame | .lineNumber >= -1 and .columnNumber >= -1))
and ([.nodes[].children // [] | .[]] | sort == ($by | keys | map(tonumber) | sort - [1]))
and (.samples | length >= 1 and all($by["\(.)"] != null))
and ((.timeDeltas | length) == (.samples | length))
and (.timeDeltas | all(. >= 0))
and ((.timeDeltas | add) <= .endTime - .startTime)
and (.samples as $s | .nodes | all(.id as $id | .hitCount == ([$s[] | select(. == $id)] | length)))
and (.nodes | all(.hitCount >= ([.positionTicks // [] | .[].ticks] | add // 0)))
and (.nodes | all(.positionTicks // [] | all(.line >= 1 and .ticks >= 1)))
EOF

# valid FILE
valid() {
    is 'the format' "$(jq -f "$work/valid.jq" "$1")" true
}

# of FILE FILTER: over the list of its nodes
of() {
    jq -c ".nodes | $2" "$1"
}

# hits FILE NAME: samples in functions of this name, and in what they called
cat >"$work/hits.jq" <<'EOF'
(.nodes | map({key: "\(.id)", value: .}) | from_entries) as $by
| def total: .hitCount + ([.children // [] | .[] | $by["\(.)"] | total] | add // 0);
def under: if .callFrame.functionName == $name then total else [.children // [] | .[] | $by["\(.)"] | under] | add // 0 end;
.nodes[0] | under
EOF
hits() {
    jq --arg name "$2" -f "$work/hits.jq" "$1"
}

# Samples come by real time, on a machine that may have other things to do: there is one in each of so many.
spin='function work(ms) {
    const end = performance.now() + ms;
    while (performance.now() < end);
}'

# ---- what it shows

test_that 'a profile has the functions of the agent, where they begin, and the lines that they were in'
agent "$spin
class Box {
    open() {
        work(400);
    }
}
const box = new Box();
export default (() => box.open())();" --cpu-profile p.cpuprofile
exits 0
valid p.cpuprofile
is 'the way to it' "$(of p.cpuprofile '(map({key: "\(.id)", value: .}) | from_entries) as $by | [limit(1; .[] | select(.callFrame.functionName == "open"))][0] | (.callFrame | del(.scriptId)), $by["\(.children[0])"].callFrame.functionName')" \
    '{"functionName":"open","url":"agent.js","lineNumber":5,"columnNumber":4}
"work"'
is 'where work begins' "$(of p.cpuprofile 'map(select(.callFrame.functionName == "work").callFrame | [.lineNumber, .columnNumber]) | unique')" '[[0,0]]'
within 'samples in work' "$(hits p.cpuprofile work)" 10 500
is 'its lines' "$(of p.cpuprofile 'map(select(.callFrame.functionName == "work") | .positionTicks[].line) | unique')" '[3]'
is 'nothing of the runtime' "$(of p.cpuprofile 'map(.callFrame.url) | unique')" '["","agent.js"]'

test_that 'two functions: the longer one has more samples'
agent "$spin
function long() { work(450); }
function short() { work(50); }
short(); long();" --cpu-profile p.cpuprofile
exits 0
valid p.cpuprofile
holds 'more' test "$(hits p.cpuprofile long)" -gt "$(hits p.cpuprofile short)"

test_that 'functions without a name, on one line, are apart'
agent "$spin
[1].map(() => work(150)); [1].map(() => work(150));" --cpu-profile p.cpuprofile
exits 0
valid p.cpuprofile
is 'their columns' "$(of p.cpuprofile 'map(select(.callFrame.functionName == "" and .callFrame.lineNumber == 4).callFrame.columnNumber) | sort')" '[8,34]'

test_that 'a builtin counts for the function that called it'
agent 'function sorts() { const a = Array.from({ length: 3e5 }, (_, i) => (i * 7919) % 104729); for (let i = 0; i < 8; i++) a.toSorted(); }
sorts();' --cpu-profile p.cpuprofile --cpu-time-ms 20000
exits 0
valid p.cpuprofile
within 'samples' "$(hits p.cpuprofile sorts)" 3 20000

test_that 'waits are idle, also with a call under way, and code behind an await is shown'
globals '{"f": {"returns": 1, "delayMs": 200}}'
agent "$spin
async function main() { await new Promise((done) => setTimeout(done, 200)); work(200); await f(); }
await main();" -g globals.json --cpu-profile p.cpuprofile
exits 0
valid p.cpuprofile
within 'idle' "$(of p.cpuprofile 'map(select(.callFrame.functionName == "(idle)").hitCount)[0]')" 20 600
within 'main' "$(hits p.cpuprofile main)" 5 300

test_that 'deep recursion: the innermost functions, under "(callers)"'
agent "$spin
function deep(n) { return n ? deep(n - 1) + 1 : (work(300), 0); }
deep(1000);" --cpu-profile p.cpuprofile
exits 0
valid p.cpuprofile
within 'samples' "$(hits p.cpuprofile '(callers)')" 5 500
within 'nodes' "$(of p.cpuprofile length)" 120 140

test_that 'functions of a prefix and of an import have the names of theirs'
echo "$spin
export const library = () => work(200);" >lib.js
prefix "globalThis.fromPrefix = function fromPrefix(ms) { const end = performance.now() + ms; while (performance.now() < end); };"
exits 0
iso run -I lib:m=lib.js --cpu-profile p.cpuprofile -e 'import { library } from "lib:m"; library()'
exits 0
valid p.cpuprofile
is 'the library' "$(of p.cpuprofile 'map(select(.callFrame.functionName == "library").callFrame | [.url, .lineNumber])')" '[["lib.js",4]]'
iso run --snapshot p.snap --cpu-profile p.cpuprofile -e 'fromPrefix(200)'
exits 0
valid p.cpuprofile
is 'the prefix' "$(of p.cpuprofile 'map(select(.callFrame.functionName == "fromPrefix").callFrame | [.url, .lineNumber])')" '[["prefix.js",0]]'

test_that 'a call of an export is in the profile'
agent "$spin
export function go(ms) { work(ms); return 1; }" --call go --args '[200]' --cpu-profile p.cpuprofile
json .value 1
valid p.cpuprofile
within 'samples' "$(hits p.cpuprofile go)" 5 300

# ---- runs that fail

test_that 'a run that a limit stops has a profile up to there'
agent 'function spins() { for (;;); }
spins();' --cpu-time-ms 300 --cpu-profile p.cpuprofile
fails ERR_CPU_TIMEOUT
has 'stack' "$(jq -r .error.stack out)" 'at spins (agent.js:1:'
valid p.cpuprofile
within 'samples' "$(hits p.cpuprofile spins)" 10 3000
is 'where it begins' "$(of p.cpuprofile 'map(select(.callFrame.functionName == "spins").callFrame | [.lineNumber, .columnNumber])')" '[[0,0]]'

test_that 'a run that has to be killed has one, too, without what only its end would have told'
agent "$spin
work(200); Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);" --cpu-time-ms 400 --cpu-profile p.cpuprofile
fails ERR_CPU_TIMEOUT
valid p.cpuprofile
within 'samples' "$(hits p.cpuprofile work)" 5 400
is 'where it begins' "$(of p.cpuprofile 'map(select(.callFrame.functionName == "work").callFrame.lineNumber)')" '[-1]'

test_that 'a run that is over at once, or never begins, has a valid profile'
for code in 'export default 1' 'throw 1' 'const'; do
    agent "$code" --cpu-profile p.cpuprofile
    valid p.cpuprofile
done
mkdir -p tree/bin tree/lib/iso4
cp "$ISO4" tree/bin
cp "$(dirname "$ISO4")/../lib/iso4/base.snap" tree/lib/iso4
tree/bin/iso4 run --cpu-profile p.cpuprofile agent.js >out
is 'nodes' "$(of p.cpuprofile 'map(.callFrame.functionName)')" '["(root)","(program)","(idle)","(callers)"]'

# ---- the agent

test_that 'none of the agent functions is called for it, and the agent sees nothing of it'
agent "$spin
const said = (what) => function () { console.log(what); return 'x'; };
Error.prepareStackTrace = said('prepare');
const limit = Error.stackTraceLimit;
Object.defineProperty(Object.prototype, 'stack', { get: said('stack'), configurable: true });
Object.defineProperty(Error.prototype, 'message', { get: said('message') });
Object.defineProperty(Function.prototype, 'name', { get: said('name') });
function works() { work(300); }
works();
export default [limit, Error.stackTraceLimit, JSON.stringify(Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit'))];" \
    --cpu-profile p.cpuprofile
json '.stdout' '[]'
json '.exports.default' '[10,10,"{\"value\":10,\"writable\":true,\"enumerable\":true,\"configurable\":true}"]'
valid p.cpuprofile
within 'samples' "$(hits p.cpuprofile works)" 5 400

for how in 'Error.stackTraceLimit = 0' 'delete Error.stackTraceLimit' 'Object.freeze(Error)' \
    'Object.defineProperty(Error, "stackTraceLimit", { get() { console.log("asked"); return 1; }, set() { console.log("set"); } })'; do
    test_that "an agent that does this to its stacks still has a profile: $how"
    agent "$how; $spin
work(200);" --cpu-profile p.cpuprofile
    json '.stdout' '[]'
    valid p.cpuprofile
    within 'samples' "$(hits p.cpuprofile work)" 5 300
done

test_that 'names that are long or odd are cut and escaped'
agent 'const o = { ["\"\\\n\u0000\u2028" + "x".repeat(100000)]() { const end = performance.now() + 200; while (performance.now() < end); } };
Object.values(o)[0]();' --cpu-profile p.cpuprofile
exits 0
valid p.cpuprofile
within 'bytes' "$(wc -c <p.cpuprofile)" 500 20000

test_that 'a sandbox is the same with --cpu-profile'
iso run -v -e 'export default 1'
grep 'layers' err >plain
iso run -v --cpu-profile p.cpuprofile -e 'export default 1'
grep 'layers' err >profiled
holds 'layers' diff plain profiled

# ---- the file

mkdir "$work/here/folder"

# refuses TEXT ARG...: iso4 does not run anything, and says why; nothing is left
refuses() {
    _text=$1
    shift
    iso run "$@" -e 'export default 1'
    test "$status" = 3 || test "$status" = 2 || fail "status $status"
    is stdout "$line" ''
    has stderr "$(cat err)" "$_text"
    is 'temporary files' "$(find . -name '*iso4-*')" ''
}

test_that 'a file that cannot be written is said before anything runs'
refuses "cannot write 'folder': Is a directory" --cpu-profile folder
refuses "cannot write 'no/such/file': No such file or directory" --cpu-profile no/such/file
refuses "cannot write ''" --cpu-profile ''
refuses 'standard output has the result' --cpu-profile -

test_that 'a profile is of one agent, and has a file of its own'
echo old >old
refuses 'takes one agent, 2 were given' --cpu-profile p -e 1
refuses 'give two files' --cpu-profile old -o old
refuses 'give two files' --cpu-profile old --trace ./old
is 'the file' "$(cat old)" old

test_that 'a profile, a trace and a result at once'
iso run --cpu-profile p --trace t -o o -e 'export default 1'
exits 0
valid p
is 'trace' "$(jq '.traceEvents | length > 5' t)" true
is 'result' "$(jq -c .exports o)" '{"default":1}'

test_that 'a full disk is said'
if test -w /dev/full; then
    iso run --cpu-profile /dev/full -e 'export default 1'
    exits 3
    has stderr "$(cat err)" "cannot write '/dev/full': No space left on device"
else
    skip 'no /dev/full'
fi

test_that 'batch has no --cpu-profile'
iso batch --cpu-profile p jobs.jsonl
exits 2

test_done
