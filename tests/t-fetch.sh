#!/bin/sh
# SPDX-License-Identifier: MIT
# Definitions of fetch on the command line: what is wrong with them and where, what they take from the environment,
# snapshots and rebinding. What agents fetch is in tests/fetch.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016
. "$(dirname "$0")/lib.sh"

unset TOKEN

# definition TEXT: fetch is this, in line 2 of globals.json
definition() {
    printf '{\n"fetch": {"fetch": %s}}\n' "$1" >globals.json
}

# wrong TEXT MESSAGE: refused, with the place
wrong() {
    definition "$1"
    iso run -g globals.json -e '1'
    refused "globals.json:2:" "'fetch' " "$2"
}

test_that 'what is no definition of fetch is refused, with file, line and column'
wrong '1' 'fetch is an object such as'
wrong '{}' 'fetch needs allow'
wrong '{"allow": ["a"], "cookies": true}' 'unknown key "cookies" in fetch'
is 'place' "$(cut -d: -f2-4 err)" ' globals.json:2:37'
wrong '{"allow": ["http://a.example"]}' 'host "http://a.example" is no host'
wrong '{"allow": ["a.example:80"]}' 'is no host'
wrong '{"allow": ["bücher.example"]}' 'xn--'
wrong '{"allow": [{"host": "a", "port": 80}]}' 'unknown key "port" in a rule'
wrong '{"allow": [{"host": "a", "ports": [70000]}]}' 'ports holds numbers from 1 to 65535'
wrong '{"allow": [{"host": "a", "methods": ["CONNECT"]}]}' 'is no method that can be allowed'
wrong '{"allow": [{"host": "a", "paths": ["v1"]}]}' 'the path "v1" does not begin with a slash'
wrong '{"allow": [{"host": "a", "paths": ["/a/../b"]}]}' 'holds what is refused in every path'
wrong '{"allow": [{"host": "a", "headers": {"host": "b"}}]}' 'headers has "host", which cannot be set'
wrong '{"allow": [{"host": "a", "headers": {"x": "a\nb"}}]}' 'characters that no header can hold'
wrong '{"allow": [], "timeoutMs": -1}' 'timeoutMs takes a whole number'

test_that 'options that do not go with fetch are refused'
for option in '"shim": "x => x"' '"parameters": true' '"result": true' '"delayMs": 1' '"cwd": "/"' '"env": {}' '"method": "m"'; do
    printf '{"f": {"fetch": {"allow": []}, %s}}\n' "$option" >globals.json
    iso run -g globals.json -e '1'
    refused "does not go with fetch"
done

test_that 'a variable that is not set is refused before anything runs, for headers of rules'
definition '{"allow": [{"host": "a", "headers": {"authorization": {"fromEnv": "TOKEN"}}}]}'
iso run -g globals.json -e 'console.log(1)'
refused "the global 'fetch' wants the environment variable TOKEN, which is not set"

test_that 'a variable that no header can hold is refused, and not shown'
definition '{"allow": [{"host": "a", "headers": {"authorization": {"fromEnv": "TOKEN"}}}]}'
TOKEN=$(printf 'secret\nx-b: c')
export TOKEN
iso run -g globals.json -e '1'
unset TOKEN
refused 'TOKEN in a header, which cannot hold its value'
lacks 'stderr' "$(cat err)" secret

test_that 'a caFile that is not there or holds no certificate is refused'
definition '{"allow": [{"host": "a", "caFile": "none.pem"}]}'
iso run -g globals.json -e '1'
refused "the global 'fetch' wants a caFile: " none.pem
echo text >none.pem
iso run -g globals.json -e '1'
refused 'none.pem holds no certificate (PEM)'

test_that '--no-host-commands refuses fetch, which acts on the host'
definition '{"allow": ["a.example"]}'
iso run -g globals.json --no-host-commands -e '1'
refused "'fetch' is answered by a program"

test_that 'nothing is started, and nothing looked up, for a run that does not fetch'
definition '{"allow": ["a.example"]}'
if command -v strace >/dev/null; then
    strace -f -e trace=execve -o trace "$ISO4" run -g globals.json -e 'export default typeof fetch' >out 2>err
    has 'out' "$(cat out)" '"default":"function"'
    is 'programs' "$(grep -c 'lib/iso4/fetch' trace)" 0
else
    skip 'there is no strace'
fi

test_that 'iso4 itself does not load libcurl'
is 'libraries' "$(ldd "$ISO4" | grep -c -e curl -e ssl)" 0

test_that 'a fetch may have another name, or be a member'
echo '{"web": {"members": {"get": {"fetch": {"allow": []}}}}}' >globals.json
agent 'try { await web.get("https://a.example/") } catch (e) { console.log(e.message) } export default web.get.name' -g globals.json
exits 0
json '[.exports.default, .stdout[0], .bridgeCalls[0].name]' '["get","fetch: no rule allows the host a.example","web.get"]'

test_that 'a prefix that fetches while it is evaluated is refused'
definition '{"allow": ["a.example"]}'
prefix 'try { await fetch("https://a.example/") } catch {}' -g globals.json
fails ERR_PREFIX_BRIDGE_CALL

test_that 'a snapshot keeps fetch, also where a prefix has captured it; a run may give it other rules'
definition '{"allow": ["a.example"]}'
prefix 'const mine = fetch; globalThis.get = (url) => mine(url).catch((e) => e.message);' -g globals.json
agent 'export default await get("https://b.example/")' --snapshot p.snap --allow-host-commands
json .exports.default '"fetch: no rule allows the host b.example"'
definition '{"allow": [{"host": "b.example", "methods": ["PUT"]}]}'
agent 'export default await get("https://b.example/")' --snapshot p.snap -g globals.json
json .exports.default '"fetch: rule 1 (b.example) does not allow the method GET"'

test_that 'a run may answer fetch by other means: whatever has a status is a response'
definition '{"returns": {"status": 418, "statusText": "Tea", "headers": [["x-a", "b"]], "body": "short"}}'
sed -i 's/"fetch": {"fetch": \(.*\)}}/"fetch": \1}/' globals.json
agent 'const r = await fetch("https://b.example/x"); export default [r instanceof Response, r.status, r.statusText, r.headers.get("x-a"), r.url, await r.text()]' --snapshot p.snap -g globals.json
json .exports.default '[true,418,"Tea","b","https://b.example/x","short"]'
echo '{"fetch": {"returns": 5}}' >globals.json
agent 'try { await fetch("https://b.example/x") } catch (e) { globalThis.m = e.message } export default m' --snapshot p.snap -g globals.json
json .exports.default '"fetch: what the host answered is no response: it needs a status, and headers as pairs"'

test_that 'another function cannot become a fetch'
echo '{"f": {"returns": 1}}' >globals.json
prefix '' -g globals.json
echo '{"f": {"fetch": {"allow": []}}}' >globals.json
agent '1' --snapshot p.snap -g globals.json
refused 'globals.json:1:17: ' "was declared as a function and is given as a fetch function"

test_that 'inspect --dts declares it as the web does'
definition '{"allow": []}'
prefix '' -g globals.json
iso inspect --dts p.snap
has 'declarations' "$(cat out)" 'declare function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;'

test_that 'a program that cannot be started is a TypeError of fetch'
mkdir -p copy/bin copy/lib/iso4
cp "$ISO4" copy/bin/iso4
for part in v8-host worker.so base.snap; do
    ln -sfn "$(dirname "$(dirname "$ISO4")")/lib/iso4/$part" copy/lib/iso4/$part
done
definition '{"allow": ["a.example"]}'
copy/bin/iso4 run -g globals.json -e 'try { await fetch("https://a.example/") } catch (e) { globalThis.m = [e.name, e.message] } export default m' >out 2>err
json .exports.default "[\"TypeError\",\"fetch: 'fetch' could not be started\"]"

test_that 'the program that fetches can open no other file, make no other socket and start nothing'
: "${B:=$(dirname "$(dirname "$ISO4")")}"
if test -e "$B/helpers/fetchintruder.so"; then
    cp "$B/helpers/fetchintruder.so" intruder.so # LD_PRELOAD is a list, divided by spaces and colons
    echo '{"method": "rules", "params": {"allow": []}}' |
        LD_PRELOAD=$PWD/intruder.so "$B/lib/iso4/fetch" 2>err | cat >out
    is 'what got through' "$(cat out)" 'through:'
    echo '{"method": "rules", "params": {"allow": []}}' |
        (LD_PRELOAD=$PWD/intruder.so "$B/lib/iso4/fetch"; echo $? >died) 2>err | cat >out
    is 'how it ended' "$(cat died)" 159
else
    skip 'tests/helpers are not built'
fi
test_done
