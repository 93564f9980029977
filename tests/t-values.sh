#!/bin/sh
# Values across the boundary: what JSON an export becomes, byte for byte (contract, section 5).
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

# value EXPRESSION JSON [OPTION...]
value() {
    expression=$1 want=$2
    shift 2
    agent "export default $expression;" "$@"
    completes "{\"default\":$want}"
}

# refuses CODE PATH WHAT: the export is not serializable, and the message names the path and what stands there
refuses() {
    agent "$1"
    fails ERR_EXPORT_NOT_SERIALIZABLE
    has 'message' "$(jq -r .error.message out)" "'$2'" "$3"
}

# ---- primitives

test_that 'null, booleans and strings are JSON'
value '[null, true, false, "", "text"]' '[null,true,false,"","text"]'

test_that 'numbers are written as JavaScript writes them'
value '[0, 1, -1, 2147483648, 4294967295, -2147483649, 9007199254740991, 0.1, 1e21, 1e20, 1e-7, 5e-324, 1.7976931348623157e308, 123456789.5]' \
    '[0,1,-1,2147483648,4294967295,-2147483649,9007199254740991,0.1,1e+21,100000000000000000000,1e-7,5e-324,1.7976931348623157e+308,123456789.5]'

test_that 'negative zero is -0'
value '-0' -0
value 'JSON.rawJSON("12345678901234567890")' 12345678901234567890
value 'JSON.rawJSON("1e999")' '{"$type":"number","value":"Infinity"}'
value '[JSON.rawJSON("-" + "7".repeat(400))]' '[{"$type":"number","value":"-Infinity"}]'
value '[-0, 0]' '[-0,0]'

test_that 'NaN and the infinities are tagged'
value '[NaN, Infinity, -Infinity]' '[{"$type":"number","value":"NaN"},{"$type":"number","value":"Infinity"},{"$type":"number","value":"-Infinity"}]'

test_that 'bigints are tagged, at any size'
value '[0n, -1n, 2n ** 64n]' '[{"$type":"bigint","value":"0"},{"$type":"bigint","value":"-1"},{"$type":"bigint","value":"18446744073709551616"}]'
digits=$(head -c 3000 /dev/zero | tr '\0' 7)
value "${digits}n" "{\"\$type\":\"bigint\",\"value\":\"$digits\"}"

test_that 'NUL is a character like others'
value '"a\0b"' '"a\u0000b"'
value '{ ["k\0"]: "\0" }' '{"k\u0000":"\u0000"}'

test_that 'control characters, quotes and backslashes are escaped'
value '"\x01\x08\t\n\v\f\r\x1f\"\\/"' '"\u0001\b\t\n\u000b\f\r\u001f\"\\/"'

test_that 'strings with lone surrogates are tagged, exactly'
value '"\ud800"' '{"$type":"string","utf16":"ANg="}'
value '"a\udc00\ud800b"' '{"$type":"string","utf16":"YQAA3ADYYgA="}'
value '"\udbff\udbff\udfff"' '{"$type":"string","utf16":"/9v/2//f"}'
value '"🍸".slice(0, 1)' '{"$type":"string","utf16":"PNg="}'
value '["é\ud800", Object("\udc00"), JSON.rawJSON("\"\\ud800\""), { toJSON: () => "\udfff" }]' \
    '[{"$type":"string","utf16":"6QAA2A=="},{"$type":"string","utf16":"ANw="},{"$type":"string","utf16":"ANg="},{"$type":"string","utf16":"/98="}]'
value 'new Map([["\ud800", new Set(["\udc00"])]])' \
    '{"$type":"map","entries":[[{"$type":"string","utf16":"ANg="},{"$type":"set","values":[{"$type":"string","utf16":"ANw="}]}]]}'
value 'new RegExp("\ud800", "u")' '{"$type":"regexp","source":{"$type":"string","utf16":"ANg="},"flags":"u"}'

test_that 'objects with a lone surrogate in a key are lists of entries'
value '{ "\udfff": 1 }' '{"$type":"object","entries":[[{"$type":"string","utf16":"/98="},1]]}'
value '{ a: 1, u: undefined, "\ud800": { b: [], v: undefined }, z: { $type: "x" } }' \
    '{"$type":"object","entries":[["a",1],[{"$type":"string","utf16":"ANg="},{"b":[]}],["z",{"$type":"object","value":{"$type":"x"}}]]}'
value '{ "\ud800": undefined }' '{"$type":"object","entries":[]}'
value '{ $type: "string", utf16: "ANg=" }' '{"$type":"object","value":{"$type":"string","utf16":"ANg="}}'
value '{ $type: "object", entries: [] }' '{"$type":"object","value":{"$type":"object","entries":[]}}'

test_that 'name and message of an error have U+FFFD for lone surrogates'
value 'Object.assign(new Error("m\ud800"), { name: "n\udc00" })' "{\"\$type\":\"error\",\"name\":\"n$(printf '\357\277\275')\",\"message\":\"m$(printf '\357\277\275')\"}"

test_that 'what iso4 writes of lone surrogates is read by strict readers'
cat >agent.js <<'JS'
console.log('\ud800', { '\udc00': '\udfff' }, ['\ud800'], Symbol('\ud800'));
console.error('%s \ud83c', '\udc00');
console.table([{ a: '\ud800' }]);
const e = new TypeError('\ud800', { cause: { '\udc00': '\udc01' } });
e.name = '\udbff';
e['\ud800'] = e['\ud801'] = { '\ud802': ['\udc00'] };
({ ['f\ud800']() { throw e; } })['f\ud800']();
JS
for form in --compact --pretty; do
    iso run $form agent.js
    exits 1
    holds 'the document' python3 -c '
import json
def unique(pairs):
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)
document = json.loads(open("out", "rb").read().decode("utf-8", "strict"), object_pairs_hook=unique)
json.dumps(document, ensure_ascii=False).encode("utf-8", "strict")'
done

test_that 'tagged strings and objects cross to tools and back'
cat >globals.json <<'JSON'
{
    "echo": { "command": ["jq", "-c", ".[0]"] },
    "short": { "returns": true, "parameters": { "type": "string", "maxLength": 2, "pattern": "^.{2}$" } },
    "v": { "value": [{ "$type": "string", "utf16": "ANg=" },
        { "$type": "object", "entries": [[{ "$type": "string", "utf16": "ANg=" }, 1], ["b", { "$type": "bigint", "value": "2" }]] },
        { "$type": "string", "utf16": "ANgA" }, { "$type": "string", "utf16": "!" }, { "$type": "string" }] }
}
JSON
agent 'const x = ["\ud800", { "\ud800": "\udc00", n: 1 }, /a/, new RegExp("\ud800", "g"), new Map([["\ud800", 1]]), "x\ud800".repeat(20000)];
    const got = await echo(x);
    export default [got[0] === x[0], Object.keys(got[1])[0] === "\ud800" && got[1]["\ud800"] === "\udc00" && got[1].n === 1, got[3].source === "\ud800" && got[3].flags,
        got[4].get("\ud800"), got[5] === x[5], v[0] === "\ud800", v[1]["\ud800"] + Number(v[1].b), v.slice(2).map((one) => typeof one)];' -g globals.json
gives '{"default":[true,true,"g",1,true,true,3,["object","object","object"]]}'

test_that 'a tagged string is a string to schemas'
agent 'export const ok = [await short("a\ud800"), await short("\u{1f378}\ud800")]; await short("\ud800bc");' -g globals.json
fails ERR_HOST_BRIDGE
has 'message' "$(jq -r .error.message out)" 'at most 2 characters, not 3'

test_that 'every other text is UTF-8'
value '"é\u2028\u2029€\uffff\ufeff😀\x7f\x80"' \
    "\"$(printf '\303\251\342\200\250\342\200\251\342\202\254\357\277\277\357\273\277\360\237\230\200\177\302\200')\""

test_that 'every UTF-16 unit survives, alone and in pairs'
cat >agent.js <<'JS'
let all = "", pairs = "";
for (let i = 0; i < 0x10000; i++) all += String.fromCharCode(i) + "x";
for (let i = 0x10000; i < 0x110000; i += 997) pairs += String.fromCodePoint(i);
all += pairs;
export { all as default, pairs };
export const sum = [...all].reduce((n, c) => (n * 31 + c.codePointAt(0)) % 1000000007, 0);
JS
iso run agent.js
exits 0
holds 'text' "$NODE" -e '
    const { default: tagged, pairs, sum } = JSON.parse(fs.readFileSync("out", "utf8")).exports;
    const all = Buffer.from(tagged.utf16, "base64").toString("utf16le");
    const got = [...all].reduce((n, c) => (n * 31 + c.codePointAt(0)) % 1000000007, 0);
    let at = 0;
    for (let i = 0; i < 0x10000; i++, at += 2) if (all.charCodeAt(at) !== i) process.exit(1);
    process.exit(got === sum && all.endsWith(pairs) ? 0 : 1)'

# ---- objects

test_that 'an object keeps the order of its keys, integers first'
value '{ b: 1, a: 2, 10: 3, 9: 4, "": 5 }' '{"9":4,"10":3,"b":1,"a":2,"":5}'

test_that 'empty arrays and objects'
value '[[], {}, [[]], { a: {} }]' '[[],{},[[]],{"a":{}}]'

test_that 'a property that is undefined is left out'
value '{ a: undefined, b: 1, c: undefined }' '{"b":1}'
value '{ a: undefined }' '{}'

test_that 'undefined and holes in an array are tagged'
value '[undefined, , 1]' '[{"$type":"undefined"},{"$type":"undefined"},1]'

test_that 'undefined in a map or a set is tagged'
value 'new Map([[undefined, undefined]])' '{"$type":"map","entries":[[{"$type":"undefined"},{"$type":"undefined"}]]}'
value 'new Set([undefined])' '{"$type":"set","values":[{"$type":"undefined"}]}'

test_that 'a sparse array keeps its length'
agent 'const a = []; a[1000] = 1; export default a;'
exits 0
json '.exports.default | [length, .[1000], .[999]["$type"]]' '[1001,1,"undefined"]'

test_that 'a sparse array of 4 billion holes ends with an error, not with the machine'
agent 'export default new Array(4294967295);' --cpu-time-ms 20000
fails ERR_EXPORT_TOO_LARGE

test_that 'own data with a $type key is wrapped'
value '{ $type: "map", entries: [] }' '{"$type":"object","value":{"$type":"map","entries":[]}}'
value '[{ a: { $type: 1 } }]' '[{"a":{"$type":"object","value":{"$type":1}}}]'
value 'new Map([["$type", 1]])' '{"$type":"map","entries":[["$type",1]]}'

test_that 'wrapped data in wrapped data is wrapped again'
value '{ $type: "object", value: { $type: "bigint", value: "1" } }' \
    '{"$type":"object","value":{"$type":"object","value":{"$type":"object","value":{"$type":"bigint","value":"1"}}}}'

test_that 'an inherited $type is no data'
value 'Object.create({ $type: "x" }, { a: { value: 1, enumerable: true } })' '{"a":1}'

test_that 'what toJSON returns is wrapped when it has a $type key'
value '{ toJSON() { return { $type: "date" }; } }' '{"$type":"object","value":{"$type":"date"}}'

test_that 'own __proto__ keys are data'
value 'JSON.parse("{\"__proto__\":{\"a\":1},\"b\":2}")' '{"__proto__":{"a":1},"b":2}'
value '{ ["__proto__"]: 1 }' '{"__proto__":1}'

test_that 'only own enumerable properties with string keys count'
value 'Object.create({ inherited: 1 }, { hidden: { value: 1 }, shown: { value: 2, enumerable: true } })' '{"shown":2}'
value '{ [Symbol("s")]: 1, a: 2 }' '{"a":2}'

test_that 'objects without a prototype and instances of classes are objects'
value 'Object.assign(Object.create(null), { a: 1 })' '{"a":1}'
value 'new (class Point { #secret = 1; x = 2; get y() { return 3; } })()' '{"x":2}'
value '(function () { return arguments; })(1, 2)' '{"0":1,"1":2}'
value 'Object.freeze([Object.freeze({ a: 1 })])' '[{"a":1}]'

test_that 'a subclass of Array is an array'
value 'new (class extends Array {})(1, 2, 3)' '[1,2,3]'

test_that 'keys of every form'
value '{ "a b": 1, "\"": 2, "\n": 3, "é": 4, "-1": 5, "1.5": 6, "4294967295": 7 }' '{"a b":1,"\"":2,"\n":3,"é":4,"-1":5,"1.5":6,"4294967295":7}'

test_that 'a getter is called once, in the order of the keys'
agent 'const calls = []; const o = { get a() { calls.push("a"); return calls.length; }, get b() { calls.push("b"); return { get c() { calls.push("c"); return 1; } }; } };
export { o as a_object, calls as z_calls };'
completes '{"a_object":{"a":1,"b":{"c":1}},"z_calls":["a","b","c"]}'

test_that 'a getter of an array is called once'
agent 'const a = [1, 2]; let n = 0; Object.defineProperty(a, 1, { get() { return ++n; } }); export { a }; export const z = { get n() { return n; } };'
completes '{"a":[1,1],"z":{"n":1}}'

test_that 'a getter that is toJSON is called once'
agent 'let n = 0; export const a = { get toJSON() { n++; return () => "x"; } }; export const z = { get n() { return n; } };'
completes '{"a":"x","z":{"n":1}}'

test_that 'what getters change under way does not confuse the writer'
agent 'export const o = { get a() { delete o.b; o.d = 1; return 1; }, b: 2, c: 3 };'
exits 0
json '.exports.o | [.a, .c]' '[1,3]'
agent 'export const a = [1, { get x() { a.length = 1; return 1; } }, 3];'
exits 0
json '.exports.a[:2]' '[1,{"x":1}]'

test_that 'the same object at two places is written twice'
agent 'const s = { n: [1] }; export default [s, s, { s }];'
completes '{"default":[{"n":[1]},{"n":[1]},{"s":{"n":[1]}}]}'

test_that 'an object shared a billion times meets maxExportBytes'
agent 'let a = [1]; for (let i = 0; i < 40; i++) a = [a, a]; export default a;' --cpu-time-ms 20000
fails ERR_EXPORT_TOO_LARGE

# ---- toJSON

test_that 'toJSON is honoured'
value '{ a: { toJSON() { return [this.b]; }, b: 1 } }' '{"a":[1]}'
value '[{ toJSON: () => 1n }]' '[{"$type":"bigint","value":"1"}]'

test_that 'toJSON gets the key: of an export, a property, an index'
agent 'const t = { toJSON(k) { return [typeof k, k, arguments.length]; } }; export const top = t; export const o = { key: t, 5: t }; export const a = [0, t];'
completes '{"a":[0,["string","1",1]],"o":{"5":["string","5",1],"key":["string","key",1]},"top":["string","top",1]}'

test_that 'toJSON that returns undefined: a property is left out, an item is tagged'
value '{ a: { toJSON() {} }, b: 1 }' '{"b":1}'
value '[{ toJSON() {} }]' '[{"$type":"undefined"}]'
agent 'export const a = { toJSON() {} }; export const b = 1;'
completes '{"b":1}'

test_that 'what toJSON returns is not asked for its toJSON again'
agent 'export default { toJSON() { return new (class { a = 2; toJSON() { return 1; } })(); } };'
completes '{"default":{"a":2}}'

test_that 'toJSON on a prototype counts, also on that of BigInt and Map'
agent 'BigInt.prototype.toJSON = function () { return "big " + this; }; Map.prototype.toJSON = function () { return [...this]; };
class A { toJSON() { return "A"; } } export default [1n, new Map([[1, 2]]), new (class extends A {})()];'
completes '{"default":["big 1",[[1,2]],"A"]}'

test_that 'toJSON on the prototypes of strings and numbers does not count, as in JSON.stringify'
agent 'String.prototype.toJSON = Number.prototype.toJSON = Boolean.prototype.toJSON = () => "no"; export default ["s", 1, true];'
completes '{"default":["s",1,true]}'

test_that 'toJSON that is no function is data'
value '{ toJSON: 1 }' '{"toJSON":1}'

test_that 'toJSON that throws is the error of the run'
agent 'export default { toJSON() { throw new TypeError("no JSON"); } };'
fails ERR_USER_CODE
json '.error | [.name, .message]' '["TypeError","no JSON"]'

test_that 'a function with toJSON is what its toJSON says, as in JSON.stringify'
value 'Object.assign(() => {}, { toJSON: () => "f" })' '"f"'

# ---- builtin objects

test_that 'a Date is its ISO text, an invalid one null'
value '[new Date(0), new Date(8.64e15), new Date(NaN)]' '["1970-01-01T00:00:00.000Z","+275760-09-13T00:00:00.000Z",null]'

test_that 'Temporal values are their ISO texts'
value '[Temporal.PlainDate.from("2024-02-29"), Temporal.Duration.from("PT1H"), Temporal.Instant.fromEpochMilliseconds(0)]' \
    '["2024-02-29","PT1H","1970-01-01T00:00:00Z"]'

test_that 'maps keep their order and keys of any kind'
value 'new Map([["b", 1], ["a", 2], [{ k: 1 }, [3]], [NaN, -0], [1n, null]])' \
    '{"$type":"map","entries":[["b",1],["a",2],[{"k":1},[3]],[{"$type":"number","value":"NaN"},-0],[{"$type":"bigint","value":"1"},null]]}'
value 'new Map()' '{"$type":"map","entries":[]}'

test_that 'sets keep their order'
value 'new Set(["b", "a", new Set([1]), {}])' '{"$type":"set","values":["b","a",{"$type":"set","values":[1]},{}]}'
value 'new Set()' '{"$type":"set","values":[]}'

test_that 'maps and sets in one another and in objects'
value '{ m: new Map([[1, new Map([[2, new Set([3])]])]]), n: 4 }' \
    '{"m":{"$type":"map","entries":[[1,{"$type":"map","entries":[[2,{"$type":"set","values":[3]}]]}]]},"n":4}'

test_that 'every typed array is tagged with its own name'
for type in Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float16Array Float32Array \
    Float64Array BigInt64Array BigUint64Array; do
    case $type in Big*) items='[1n, 2n]' ;; *) items='[1, 2]' ;; esac
    bytes=$("$NODE" -p "Buffer.from(new ${type}($items).buffer).toString('base64')")
    value "new ${type}($items)" "{\"\$type\":\"$type\",\"base64\":\"$bytes\"}"
done

test_that 'typed arrays of every length are padded base64'
value '[0, 1, 2, 3, 4].map((n) => Uint8Array.from({ length: n }, (_, i) => 250 + i))' \
    '[{"$type":"Uint8Array","base64":""},{"$type":"Uint8Array","base64":"+g=="},{"$type":"Uint8Array","base64":"+vs="},{"$type":"Uint8Array","base64":"+vv8"},{"$type":"Uint8Array","base64":"+vv8/Q=="}]'

test_that 'every byte survives'
value 'Uint8Array.from({ length: 256 }, (_, i) => i)' \
    "{\"\$type\":\"Uint8Array\",\"base64\":\"$("$NODE" -p 'Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString("base64")')\"}"

test_that 'ArrayBuffer and DataView are tagged with their own names'
value '[new Uint8Array([1, 2, 3]).buffer, new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1)]' \
    '[{"$type":"ArrayBuffer","base64":"AQID"},{"$type":"DataView","base64":"Ag=="}]'

test_that 'a view is only its part of the buffer'
value 'new Uint8Array(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)' '{"$type":"Uint8Array","base64":"AgM="}'
value 'new Int16Array(new Uint8Array([1, 2, 3, 4]).buffer, 2)' '{"$type":"Int16Array","base64":"AwQ="}'

test_that 'resizable, detached and shrunken buffers are what is left of them'
agent 'const r = new ArrayBuffer(2, { maxByteLength: 8 }); const tracking = new Uint8Array(r); r.resize(3); tracking[2] = 9;
const d = new ArrayBuffer(4); const view = new Uint8Array(d); d.transfer();
const s = new ArrayBuffer(4, { maxByteLength: 4 }); const outside = new Uint8Array(s, 2, 2); s.resize(1);
export default [r, tracking, d, view, outside];'
completes '{"default":[{"$type":"ArrayBuffer","base64":"AAAJ"},{"$type":"Uint8Array","base64":"AAAJ"},{"$type":"ArrayBuffer","base64":""},{"$type":"Uint8Array","base64":""},{"$type":"Uint8Array","base64":""}]}'

test_that 'regular expressions keep source and flags'
value '[/a\/b"\n/, /x/dgimsuy, /[\p{L}--a]/v, new RegExp(""), new RegExp("/\n")]' \
    '[{"$type":"regexp","source":"a\\/b\"\\n","flags":""},{"$type":"regexp","source":"x","flags":"dgimsuy"},{"$type":"regexp","source":"[\\p{L}--a]","flags":"v"},{"$type":"regexp","source":"(?:)","flags":""},{"$type":"regexp","source":"\\/\\n","flags":""}]'

test_that 'errors keep name and message'
value '[new Error("m"), new TypeError("t\0"), new (class Mine extends RangeError {})("r"), Object.assign(new Error("n"), { name: "Named" })]' \
    '[{"$type":"error","name":"Error","message":"m"},{"$type":"error","name":"TypeError","message":"t\u0000"},{"$type":"error","name":"RangeError","message":"r"},{"$type":"error","name":"Named","message":"n"}]'

test_that 'an error without a message has an empty one'
value 'new Error()' '{"$type":"error","name":"Error","message":""}'

test_that 'boxed primitives are what they box'
value '[new Number(1), new String("s"), new Boolean(false), Object(1n), new Number(NaN), new Number(-0)]' \
    '[1,"s",false,{"$type":"bigint","value":"1"},{"$type":"number","value":"NaN"},-0]'

test_that 'boxed numbers and strings are converted, as in JSON.stringify'
value '[Object.assign(new Number(1), { valueOf: () => 2 }), Object.assign(new String("a"), { toString: () => "b" })]' '[2,"b"]'

test_that 'Math, JSON and globalThis are objects like others'
value '[Math, JSON, Reflect, Intl]' '[{},{},{},{}]'

# ---- depth and width

test_that 'values 9,000 levels deep are written: arrays, objects, maps'
agent 'let a = 1; for (let i = 0; i < 9000; i++) a = [a]; export default a;'
open=$(head -c 9000 /dev/zero | tr '\0' '[') close=$(head -c 9000 /dev/zero | tr '\0' ']')
completes "{\"default\":${open}1$close}"
agent 'let a = 1; for (let i = 0; i < 9000; i++) a = { a }; export default a;'
exits 0
is 'braces' "$(tr -cd '{' <out | wc -c)" 9002
agent 'let a = 1; for (let i = 0; i < 3000; i++) a = new Map([[0, a]]); export default a;'
exits 0
is 'maps' "$(grep -o '"\$type":"map"' out | wc -l)" 3000

test_that 'a value that is too deep is refused with its path'
agent 'let a = 1; for (let i = 0; i < 20000; i++) a = [a]; export default a;'
fails ERR_EXPORT_NOT_SERIALIZABLE
has 'message' "$(jq -r .error.message out)" 'default[0][0]' deep
within 'length of the message' "$(jq '.error.message | length' out)" 20 2000

test_that 'a value that is a million levels deep is refused, too'
agent 'let a = 1; for (let i = 0; i < 1e6; i++) a = { a }; export default a;'
fails ERR_EXPORT_NOT_SERIALIZABLE

test_that 'an object with 100,000 keys is written'
agent 'const o = {}; for (let i = 0; i < 1e5; i++) o["k" + i] = i; export default o;'
exits 0
json '.exports.default | [length, .k0, .k99999]' '[100000,0,99999]'

test_that 'an array of 100,000 items is written'
agent 'export default Array.from({ length: 1e5 }, (_, i) => ({ i }));'
exits 0
json '.exports.default | [length, .[0].i, .[99999].i]' '[100000,0,99999]'

test_that 'a text of megabytes is written'
agent 'export default "é".repeat(4e6);'
exits 0
is 'bytes' "$(tr -cd '\303' <out | wc -c)" 4000000

test_that 'thousands of exports are written'
"$NODE" -p 'Array.from({ length: 3000 }, (_, i) => `export const e${i} = ${i};`).join("\n")' >agent.js
iso run agent.js
exits 0
json '.exports | [length, .["e2999"]]' '[3000,2999]'

# ---- what is refused

test_that 'functions are refused by path'
refuses 'export const f = () => 1;' f 'function'
refuses 'export default { a: [1, { b() {} }] };' 'default.a[1].b' 'function'
refuses 'export default [class A {}];' 'default[0]' 'function'
refuses 'export default { "not an identifier": async () => {} };' 'default["not an identifier"]' 'function'

test_that 'symbols are refused by path'
refuses 'export const s = [Symbol("x")];' 's[0]' symbol
refuses 'export const s = Symbol.iterator;' 's' symbol
refuses 'export const s = [Object(Symbol("x"))];' 's[0]' symbol

test_that 'weak collections and references are refused by path'
refuses 'export const a = { w: new WeakMap() };' a.w weak
refuses 'export const a = { w: new WeakSet() };' a.w weak
refuses 'export const a = { w: new WeakRef({}) };' a.w weak

test_that 'promises inside a value are refused by path'
refuses 'export const a = { p: new Promise(() => {}) };' a.p promise
refuses 'export const a = [(async () => { await null; })()];' 'a[0]' promise

test_that 'proxies are refused by path, and not asked'
refuses 'export const a = { p: new Proxy({}, { get() { console.log("asked"); }, ownKeys() { console.log("asked"); return []; } }) };' a.p proxy
json '.stdout' '[]'
refuses 'export const a = [new Proxy([], {})];' 'a[0]' proxy
refuses 'export const a = [new Proxy(() => {}, {})];' 'a[0]' ''
refuses 'const r = Proxy.revocable({}, {}); r.revoke(); export const a = r.proxy;' a proxy

test_that 'cycles are refused by the path that closes them'
refuses 'export const a = { b: { c: {} } }; a.b.c.d = a;' a.b.c.d cycle
refuses 'export const a = []; a.push(1, a);' 'a[1]' cycle
refuses 'export const m = new Map(); m.set("self", { m });' 'm<value 0>.m' cycle
refuses 'export const s = new Set(); s.add(s);' 's<0>' cycle
refuses 'export const m = new Map(); m.set(m, 1);' 'm<key 0>' cycle

test_that 'a cycle through toJSON is refused'
refuses 'export const a = { b: { toJSON() { return a; } } };' a.b cycle

test_that 'iterators and generators are refused by path'
refuses 'export const a = [(function* () {})()];' 'a[0]' iterator
refuses 'export const a = [new Map().entries()];' 'a[0]' iterator

test_that 'the first export that is refused is the one that is named'
refuses 'export const a = 1; export const c = () => {}; export const b = Symbol();' b symbol

test_that 'a key with every character is named in the path'
agent 'export default { "a\nb": () => {} };'
fails ERR_EXPORT_NOT_SERIALIZABLE
has 'message' "$(jq -r .error.message out | tr '\n' ' ')" 'default["a' 'b"]'

# ---- --skip-unserializable

test_that '--skip-unserializable leaves out what cannot be written and lists it'
agent 'export const a = 1; export const b = () => {}; export const c = { d: [Symbol()] }; export default 2;' --skip-unserializable
exits 0
json '.exports' '{"a":1,"default":2}'
json '[.skippedExports[] | [.name, .path]]' '[["b","b"],["c","c.d[0]"]]'
json '[.skippedExports[].reason | type]' '["string","string"]'

test_that '--skip-unserializable: skippedExports is there also when nothing was left out'
agent 'export const a = 1;' --skip-unserializable
exits 0
json '[.exports, .skippedExports]' '[{"a":1},[]]'

test_that 'without --skip-unserializable there are no skippedExports'
agent 'export const a = 1;'
json 'has("skippedExports")' false

test_that '--skip-unserializable leaves out promises that cannot settle'
agent 'export const a = new Promise(() => {}); export const b = 1;' --skip-unserializable
exits 0
json '[.exports, [.skippedExports[].name]]' '[{"b":1},["a"]]'

test_that '--skip-unserializable leaves nothing of a value that is refused late'
agent 'export const a = { big: "x".repeat(2e6), end: () => {} }; export const b = 1;' --skip-unserializable
exits 0
json '[.exports, [.skippedExports[].path]]' '[{"b":1},["a.end"]]'

test_that '--skip-unserializable does not hide errors'
agent 'export const a = () => {}; throw new Error("x");' --skip-unserializable
fails ERR_USER_CODE

test_done
