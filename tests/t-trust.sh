#!/bin/sh
# Trust: programs and requests of a snapshot run only when the command line allows them, jobs and requests
# name files only where they may, and limits of the command line are upper bounds.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

globals '{"f":{"command":["sh","-c","touch ran; echo 1"]},"db":{"members":{"get":{"service":["./db"]}}},"net":{"fetch":{"allow":["api.example.com"]}},"plain":{"returns":1}}'
iso precompile -g globals.json -q -o acting.snap /dev/null
printf '#!/bin/sh\n' >db && chmod 755 db
echo 'globalThis.ready = true' >prefix.js
iso precompile prefix.js -g globals.json -q -o acting.snap
echo '{"plain":{"returns":1}}' >plain.json
iso precompile prefix.js -g plain.json -q -o plain.snap

test_that 'a snapshot that acts on the machine is refused, with a list of what it would do'
agent 'export default await f()' --snapshot acting.snap
refused '--allow-host-commands' "'f' (command 'sh' '-c' 'touch ran; echo 1')" "'db.get' (service './db'" "'net' (fetch"
lacks 'the list' "$(cat err)" plain
is 'what has run' "$(ls ran 2>&1)" "$(ls ran 2>&1)"
test ! -e ran
is 'nothing has run' $? 0
iso batch --snapshot acting.snap </dev/null
refused '--allow-host-commands'

test_that 'a terminal is not driven by what it names'
globals '{"x":{"command":["true","\u001b[2J\u202e"]}}'
iso precompile prefix.js -g globals.json -q -o evil.snap
agent '1' --snapshot evil.snap
exits 2
lacks 'the message' "$(cat err)" "$(printf '\033')"

test_that 'the command line allows it'
agent 'export default await f()' --snapshot acting.snap --allow-host-commands
gives '{"default":1}'
is 'it has run' "$(ls ran)" ran
echo '{"id":1,"code":"export default await f()"}' >jobs.jsonl
iso batch --snapshot acting.snap --allow-host-commands jobs.jsonl
json .exports '{"default":1}'

test_that 'a snapshot that does not act needs no word, and inspect starts nothing'
agent 'export default await plain()' --snapshot plain.snap
gives '{"default":1}'
iso inspect acting.snap --json
exits 0

test_that 'what the command line gives itself is allowed, and takes the place of what a snapshot names'
globals '{"f":{"command":["echo","2"]},"db":{"members":{"get":{"returns":3}}},"net":{"returns":4}}'
agent 'export default [await f(), await db.get()]' --snapshot acting.snap -g globals.json
gives '{"default":[2,3]}'
globals '{"f":{"command":["echo","2"]}}'
agent 'export default 1' --snapshot acting.snap -g globals.json
refused "'db.get' (service" "'net' (fetch"
lacks 'the list' "$(cat err)" "'f'"
agent 'export default await f()' -g globals.json
gives '{"default":2}'

test_that 'a job does not allow what the command line does not'
globals '{"f":{"returns":2},"db":{"members":{"get":{"returns":3}}},"net":{"returns":4}}'
echo '{"id":1,"code":"export default await f()","globals":{"f":{"returns":5}}}' >jobs.jsonl
iso batch --snapshot acting.snap -g globals.json jobs.jsonl
json '[.error.code, (.error.message | test("allow-host-commands"))]' '["ERR_BAD_JOB",true]'

test_that 'the two options contradict each other'
iso run -e 1 --no-host-commands --allow-host-commands
refused 'contradict each other'

test_that '--no-files: jobs name no files'
echo 'export default 1' >agent.js
printf '' >ca.pem
cat >jobs.jsonl <<'EOF'
{"id":1,"file":"agent.js"}
{"id":2,"code":"export default 2"}
{"id":3,"code":"","globals":{"n":{"fetch":{"allow":[{"host":"a.example","caFile":"ca.pem"}]}}}}
EOF
iso batch --ordered --no-files jobs.jsonl
is 'results' "$(jq -c '[.id, .exports.default // .error.message]' out)" "[1,\"job 1: file is refused by --no-files\"]
[2,2]
[3,\"the global 'n' names a file, which --no-files refuses\"]"

test_that 'limits of the command line are upper bounds for jobs, those that it does not give are not'
cat >jobs.jsonl <<'EOF'
{"id":1,"code":"export default 1","limits":{"cpuTimeMs":1000,"memoryMb":64}}
{"id":2,"code":"export default 1","limits":{"cpuTimeMs":1001}}
{"id":3,"code":"export default 1","limits":{"memoryMb":65}}
{"id":4,"code":"export default 1","limits":{"maxBridgeCalls":0}}
{"id":5,"code":"export default 1","limits":{"wallTimeMs":40000}}
EOF
iso batch --ordered --cpu-time-ms 1000 --limits '{"memoryMb":64,"maxBridgeCalls":10}' jobs.jsonl
is 'results' "$(jq -c '[.id, .exports.default // .error.message]' out)" '[1,1]
[2,"job 2: limits: cpuTimeMs is 1001, and the command line allows 1000"]
[3,"job 3: limits: memoryMb is 65, and the command line allows 64"]
[4,"job 4: limits: maxBridgeCalls is 0 (no limit), and the command line allows 10"]
[5,1]'

test_that 'clients of serve are bound in the same way'
cat >requests.jsonl <<'EOF'
{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":1}}
{"jsonrpc":"2.0","id":1,"method":"run","params":{"code":"export default 1","limits":{"cpuTimeMs":1001}}}
{"jsonrpc":"2.0","id":2,"method":"run","params":{"file":"agent.js"}}
{"jsonrpc":"2.0","id":3,"method":"prepare","params":{"snapshot":"plain.snap"}}
{"jsonrpc":"2.0","id":4,"method":"prepare","params":{"limits":{"cpuTimeMs":1001}}}
EOF
iso serve --no-files --cpu-time-ms 1000 <requests.jsonl
is 'answers' "$(jq -c 'select(.id > 0) | [.id, .error.code, .error.message, .error.data.path]' out | sort)" '[1,-32602,"limits: cpuTimeMs is 1001, and the command line allows 1000","limits"]
[2,-32602,"file is refused by --no-files","file"]
[3,-32602,"snapshot names a file, which --no-files refuses","snapshot"]
[4,-32602,"limits: cpuTimeMs is 1001, and the command line allows 1000","limits"]'
sed '2,$d' requests.jsonl >more.jsonl
echo '{"jsonrpc":"2.0","id":1,"method":"prepare","params":{"snapshot":"acting.snap"}}' >>more.jsonl
iso serve <more.jsonl
has 'the answer' "$(cat out)" '"code":-32602' '--allow-host-commands'
iso serve --allow-host-commands <more.jsonl
has 'the answer' "$(cat out)" '"id":1,"result":{"handle":"h1"'

test_done
