#!/bin/sh
# crypto.subtle in the sandbox: limits, snapshots, forks, code that means harm. What the algorithms give is measured by
# tests/conformance/areas/webcrypto.js.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

SHA_OF_ABC=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
HEX='const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, "0")).join("");'
SIGN='const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]), how = { name: "ECDSA", hash: "SHA-256" }, signature = await crypto.subtle.sign(how, pair.privateKey, new Uint8Array(3));'

test_that 'an agent has digests and signatures, with all layers of the sandbox'
agent "$HEX $SIGN export default [hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'))), await crypto.subtle.verify(how, pair.publicKey, signature, new Uint8Array(3))];"
completes "{\"default\":[\"$SHA_OF_ABC\",true]}"

test_that 'runs of a batch have them, and keys of their own'
echo "$HEX $SIGN export default [hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc'))), hex(await crypto.subtle.exportKey('raw', pair.publicKey)), hex(signature)];" >agent.js
iso run -j 2 agent.js agent.js agent.js agent.js
exits 0
is 'digests' "$(jq -r '.exports.default[0]' out | sort -u)" "$SHA_OF_ABC"
is 'different keys' "$(jq -r '.exports.default[1]' out | sort -u | wc -l)" 4
is 'different signatures' "$(jq -r '.exports.default[2]' out | sort -u | wc -l)" 4

test_that 'new keys and ECDSA signatures differ from run to run'
for _ in 1 2 3; do
    agent "$HEX $SIGN export default [hex(await crypto.subtle.exportKey('raw', pair.publicKey)), hex(await crypto.subtle.exportKey('raw', await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt'])))];"
    jq -r '.exports.default[]' out >>keys
done
is 'different keys' "$(sort -u keys | wc -l)" 6

# ---- prefixes

test_that 'keys of a prefix live on in its snapshot, which is the same each time, and the caller is told that they are no secret'
P='globalThis.keys = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]); globalThis.secret = await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-CBC", false, ["encrypt"]);'
prefix "$P"
json '.stderr' '["crypto was used while the snapshot was made: these random numbers are the same in every run from it, and no secret"]'
jq -r .sha256 out >first
prefix "$P"
jq -r .sha256 out >second
holds 'the same' cmp first second
agent 'const signature = await crypto.subtle.sign("Ed25519", keys.privateKey, new Uint8Array(1));
export default [await crypto.subtle.verify("Ed25519", keys.publicKey, signature, new Uint8Array(1)), keys.privateKey instanceof CryptoKey, (await crypto.subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, secret, new Uint8Array(16))).byteLength, keys.privateKey.extractable];' -s p.snap
completes '{"default":[true,true,32,false]}'

test_that 'a prefix that only digests is told nothing'
prefix 'globalThis.digest = await crypto.subtle.digest("SHA-256", new Uint8Array(1));'
json .stderr '[]'

# ---- limits

test_that 'what takes long meets the limit on CPU time'
agent 'const key = await crypto.subtle.importKey("raw", new Uint8Array(1), "PBKDF2", false, ["deriveBits"]); await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-512", salt: new Uint8Array(1), iterations: 2147483647 }, key, 512);' --cpu-time-ms 300
fails ERR_CPU_TIMEOUT
agent 'await crypto.subtle.generateKey({ name: "RSA-PSS", modulusLength: 16384, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-1" }, true, ["sign"]);' --cpu-time-ms 300
fails ERR_CPU_TIMEOUT
agent 'const data = new Uint8Array(2 ** 22); for (;;) await crypto.subtle.digest("SHA-512", data);' --cpu-time-ms 300
fails ERR_CPU_TIMEOUT

test_that 'what is encrypted counts against the memory budget'
agent 'const key = await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-CTR", false, ["encrypt"]), how = { name: "AES-CTR", counter: new Uint8Array(16), length: 64 }, kept = [];
for (;;) kept.push(await crypto.subtle.encrypt(how, key, new Uint8Array(2 ** 20)));' --memory-mb 64 --cpu-time-ms 20000
fails ERR_MEMORY_LIMIT

test_that 'amounts that are absurd are refused'
agent 'const key = await crypto.subtle.importKey("raw", new Uint8Array(1), "PBKDF2", false, ["deriveBits"]), errors = [];
for (const act of [() => crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt: new Uint8Array(1), iterations: 1 }, key, 2 ** 32 - 8),
    () => crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt: new Uint8Array(1), iterations: 2 ** 32 - 1 }, key, 8),
    () => crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-1", length: 2 ** 32 - 1 }, true, ["sign"]),
    () => crypto.subtle.generateKey({ name: "RSA-PSS", modulusLength: 2 ** 31, publicExponent: Uint8Array.of(3), hash: "SHA-1" }, true, ["sign"]),
    () => crypto.subtle.generateKey({ name: "RSA-PSS", modulusLength: 1024, publicExponent: Uint8Array.of(2), hash: "SHA-1" }, true, ["sign"]),
    () => crypto.subtle.generateKey({ name: "RSA-PSS", modulusLength: 1024, publicExponent: new Uint8Array(5000).fill(1), hash: "SHA-1" }, true, ["sign"])]) errors.push(await act().then(() => "done", (e) => e.name));
export default errors;'
completes '{"default":["OperationError","OperationError","OperationError","OperationError","OperationError","OperationError"]}'

# ---- code that means harm

test_that 'a key that is not extractable stays so, whatever the agent replaces'
agent 'const key = await crypto.subtle.importKey("raw", new Uint8Array(16).fill(7), "AES-CBC", false, ["encrypt"]), seen = [];
for (const [holder, names] of [[Uint8Array.prototype, ["set", "slice", "subarray", "fill"]], [Object.getPrototypeOf(Uint8Array.prototype), ["set", "slice", "subarray", "map"]], [Array.prototype, ["map", "includes", "indexOf", Symbol.iterator]], [Map.prototype, ["get", "set", "has"]], [WeakMap.prototype, ["get", "set"]], [Function.prototype, ["call", "apply"]]])
    for (const name of names) { const old = holder[name]; holder[name] = function (...args) { seen[seen.length] = this; for (let i = 0; i < args.length; i++) seen[seen.length] = args[i]; return Reflect.apply(old, this, args); }; }
Object.defineProperty(Object.prototype, "bytes", { set(v) { seen[seen.length] = v; }, get() { seen[seen.length] = this; } }); Object.defineProperty(Object.prototype, "extractable", { value: true, writable: true });
Object.defineProperty(CryptoKey.prototype, "extractable", { get: () => true });
const sealed = await crypto.subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, key, new Uint8Array(3)), error = await crypto.subtle.exportKey("raw", key).catch((e) => e.name), copy = await crypto.subtle.exportKey("raw", structuredClone(key)).catch((e) => e.name);
export default [sealed.byteLength, error, copy, seen.some((v) => v instanceof Uint8Array && v.length === 16 && v[0] === 7)];'
completes '{"default":[16,"InvalidAccessError","InvalidAccessError",false]}'

test_that 'no prefix and no agent gets between what is signed and what signs it'
prefix 'for (const C of [Uint8Array, ArrayBuffer, DataView, Promise, Map, Array, String, Number, BigInt, JSON, Math, Reflect, TextEncoder]) for (const name of Reflect.ownKeys(C.prototype ?? C)) { const d = Object.getOwnPropertyDescriptor(C.prototype ?? C, name); if (d.configurable && typeof d.value === "function" && name !== "constructor") Object.defineProperty(C.prototype ?? C, name, { value: () => { throw new Error("sabotage"); } }); }'
agent 'const { subtle } = crypto, bytes = new Uint8Array(3);
const key = await subtle.importKey("raw", new Uint8Array(16), { name: "HMAC", hash: "SHA-256" }, true, { [Symbol.iterator]: () => ({ n: 0, next() { return this.n++ ? { done: true } : { value: "sign", done: false }; } }) });
const jwk = await subtle.exportKey("jwk", key), mac = new Uint8Array(await subtle.sign("HMAC", key, bytes)), digest = new Uint8Array(await subtle.digest("SHA-1", bytes));
export default [jwk.k, mac[0], mac[31], digest[0]];' -s p.snap
completes '{"default":["AAAAAAAAAAAAAAAAAAAAAA",231,57,41]}'

test_that 'a key is no plain data: it is refused as an export and shows no secret'
agent 'export default await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-CBC", true, ["encrypt"]);'
fails ERR_EXPORT_NOT_SERIALIZABLE
agent 'console.log(await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-CBC", true, ["encrypt"]));'
json '.stdout[0] | gsub("[^a-zA-Z0-9]+"; " ")' '"CryptoKey type secret extractable true algorithm name AES CBC length 128 usages encrypt "'

test_that 'an error names the algorithm, and the line of the agent'
agent 'const data = new Uint8Array(1);
await crypto.subtle.digest("MD5", data);'
fails ERR_USER_CODE
json '.error | [.name, (.message | test("^there is no algorithm .MD5.$")), .line]' '["NotSupportedError",true,2]'

test_done
