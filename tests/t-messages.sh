#!/bin/sh
# MessageChannel and related globals: how a run with ports ends, in a prefix and in forks.
# tests/conformance/areas/messaging.js tests the messages of ports.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# ---- how a run ends

test_that 'a run waits for messages under way, as for timers'
agent 'const { port1, port2 } = new MessageChannel();
port1.onmessage = ({ data }) => { console.log(data); if (data < 3) port2.postMessage(data + 1); };
port2.postMessage(1);'
json '[.ok, .stdout]' '[true,["1","2","3"]]'

test_that 'a port that only listens holds nothing'
agent 'const { port1, port2 } = new MessageChannel(); port1.onmessage = () => {}; port2.onmessage = () => {};'
json '.ok' true

test_that 'a run does not wait for a message that cannot be sent any more'
agent 'const { port1 } = new MessageChannel(); await new Promise((done) => { port1.onmessage = done; });'
fails ERR_DID_NOT_SETTLE

test_that 'messages without end meet the limits like timers without end'
agent 'const { port1, port2 } = new MessageChannel(); port1.onmessage = () => port2.postMessage(1); port2.postMessage(1); await new Promise(() => {});' --cpu-time-ms 200
fails ERR_CPU_TIMEOUT
agent 'const { port1 } = new MessageChannel(); for (;;) port1.postMessage("x".repeat(1000));' --memory-mb 64 --cpu-time-ms 20000
fails ERR_MEMORY_LIMIT

test_that 'messages do not count as timers, and timers get their turn'
agent 'const { port1, port2 } = new MessageChannel(); let n = 0, over = false; port1.onmessage = () => { n++; if (!over) port2.postMessage(1); };
for (let i = 0; i < 50; i++) port2.postMessage(i); await new Promise((done) => setTimeout(done, 5)); over = true; export default n >= 50;' --max-timers 1
completes '{"default":true}'

test_that 'the error of a listener is told, and its run fails when nothing is exported'
agent 'const { port1, port2 } = new MessageChannel(); port1.onmessage = () => { throw new RangeError("of a listener"); }; port2.postMessage(1);'
fails ERR_USER_CODE
json '.error | [.name, .message, .line]' '["RangeError","of a listener",1]'

# ---- snapshots and forks

test_that 'channels of a prefix go on in its agents, alone and in a batch'
prefix 'globalThis.channel = new MessageChannel(); globalThis.got = []; channel.port1.onmessage = ({ data }) => got.push(data); globalThis.Mine = MessagePort;'
echo 'channel.port2.postMessage([1]); await new Promise((done) => setTimeout(done, 5)); export default [got, channel.port1 instanceof Mine, MessagePort === Mine];' >agent.js
iso run -s p.snap agent.js
completes '{"default":[[[1]],true,true]}'
iso run -s p.snap -j 2 agent.js agent.js
is 'exports' "$(jq -c .exports.default out)" "$(printf '[[[1]],true,true]\n[[[1]],true,true]')"

test_that 'what a prefix has patched does not reach the ports'
prefix 'Object.prototype.transfer = [{}]; Array.prototype[Symbol.iterator] = () => { throw 1; }; EventTarget.prototype.dispatchEvent = null; Array.prototype.push = null;'
agent 'const { port1, port2 } = new MessageChannel(), got = await new Promise((done) => { port1.onmessage = (e) => done([e.data, e.ports.length]); port2.postMessage("x", []); }).catch(String); export default got;' -s p.snap
completes '{"default":"1"}' # the list is iterated over, as the standard says
agent 'const { port1, port2 } = new MessageChannel(), got = await new Promise((done) => { port1.onmessage = (e) => done([e.data, e.ports.length]); port2.postMessage("x"); }); export default got;' -s p.snap
completes '{"default":["x",0]}'

# ---- reportError, self, navigator

test_that 'reportError tells an error on stderr, and fails a run that exports nothing'
agent 'reportError(new RangeError("told")); export default 1;'
json '[.ok, (.stderr[0] | startswith("Uncaught in reportError(): RangeError: told\n    at agent.js:1:13\n  Hint: "))]' '[true,true]'
agent 'reportError(new RangeError("told"));'
fails ERR_USER_CODE
json '.error | [.name, .message]' '["RangeError","told"]'

test_that 'libraries that look for the global object by self find it'
agent 'const root = (typeof self === "object" && self.self === self && self) || Function("return this")(); export default [root === globalThis, Object.keys(globalThis).includes("self")];'
completes '{"default":[true,false]}'
prefix 'self.mine = 1; globalThis.here = self;'
agent 'export default [mine, self.mine, here === self, self === globalThis];' -s p.snap
completes '{"default":[1,1,true,true]}'

test_that 'navigator says iso4 and its version'
agent 'export default navigator.userAgent;'
is 'userAgent' "$(jq -r .exports.default out)" "iso4/$(sed -n 's/^#define ISO4_VERSION "\(.*\)"/\1/p' "$ROOT/core/version.h")"

test_done
