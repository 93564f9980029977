#!/bin/sh
# The console beside Node.js's: each line of the lists is run by both, and what they print is compared.
# shellcheck source-path=SCRIPTDIR source=lib.sh disable=SC2016 # the $ and ` in quotes are JavaScript's
. "$(dirname "$0")/lib.sh"

cat >words.js <<'END'
class MySet extends Set {}
class MyMap extends Map { constructor(entries) { super(entries); this.extra = 1; } }
const bare = (object) => Object.setPrototypeOf(object, null);
const told = (error, stack = `${error.name}: ${error.message}`) => { error.stack = stack; return error; };
END

# as_node: each line of the standard input is printed like Node.js prints it
as_node() {
    while read -r code; do
        { cat words.js && printf '%s\n' "$code"; } >agent.mjs
        "$NODE" agent.mjs >node.out 2>&1
        iso run agent.mjs
        exits 0
        is "$code" "$(jq -r '.stdout[]' out)" "$(cat node.out)"
    done
}

test_that 'subclasses of builtins show both names, as in Node.js'
as_node <<'END'
console.log(new MySet([1]), new MySet(), new MyMap([[1, 2]]), new MyMap());
console.log(new (class Ears extends Array {})(3), (class Ears extends Array {}).from([1, 2]));
console.log((class Word extends Promise {}).resolve(1), new (class Word extends Promise {})(() => {}));
console.log(new (class Day extends Date {})(0), new (class Pattern extends RegExp {})('a'));
console.log(new (class Bytes extends Uint8Array {})(2), new (class Memory extends ArrayBuffer {})(2));
console.log(new (class View extends DataView {})(new ArrayBuffer(1)));
console.log(new (class Weak extends WeakMap {})(), new (class Weak extends WeakSet {})());
console.log(new (class Amount extends Number {})(1), new (class Words extends String {})('abc'), new (class Yes extends Boolean {})(true));
console.log(new (class Setting extends Set {})([1]), new (class SetOfAll extends Set {})(), new (class Mapper extends Map {})());
console.log(new (class extends Set {})([1]), [new MySet([new MyMap([[new MySet(), 1]])])]);
console.log(new (class Other extends MySet { get [Symbol.toStringTag]() { return 'Tag'; } })([1]));
console.log(new (class Tagged { get [Symbol.toStringTag]() { return 'Tag'; } })());
console.log(MySet.prototype, MyMap.prototype, Object.create(MySet.prototype), MySet, class extends Set {});
console.log('%s %o %O %j', new MySet([1]), new MySet([1]), new MySet([1]), new MySet([1]));
console.dir(new MySet([new MySet([new MySet([new MySet()])])]), { depth: 1 });
console.log(told(new (class Mine extends TypeError {})('x')), told(new (class Mine extends Error { name = 'Named'; })('x'), 'stack'));
END

test_that 'objects without a prototype keep class, message and entries, as in Node.js'
as_node <<'END'
console.log(bare({ a: 1 }), Object.create(null), bare({ a: bare({ b: bare({ c: bare({}) }) }) }), [bare({})]);
console.log(bare(new Map([[1, 2]])), bare(new Set([1])), bare(new MySet([1])), bare(new MyMap([[1, 2]])), bare(Object.assign(new Set([1]), { x: 1 })));
console.log(bare([1, 2]), bare(Object.assign([1], { x: 1 })), bare(new Array(3)));
console.log(bare(new Date(0)), bare(Object.assign(new Date(0), { x: 1 })), bare(new Date(NaN)), bare(/x/g), bare(Object.assign(/x/, { x: 1 })));
console.log(bare(new Uint8Array(2)), bare(new Float64Array(1)), bare(new BigInt64Array(1)), bare(new ArrayBuffer(2)), bare(new DataView(new ArrayBuffer(1))));
console.log(bare(Promise.resolve(1)), bare(new Promise(() => {})), bare(new WeakMap()), bare(new WeakSet()), bare(new WeakRef({})));
console.log(bare(new Number(3)), bare(new String('ab')), bare(new Boolean(true)), bare(Object(Symbol('x'))), bare(Object(3n)));
console.log(bare(function f() {}), bare(class A {}), bare(() => 1), bare(async () => 1), bare(function* g() {}), bare(async function* g() {}));
console.log(bare(new Map([[1, 2]]).entries()), bare(new Map([[1, 2]]).keys()), bare(new Set([1]).values()), bare(new Set([1]).entries()));
console.log(bare((function* () {})()), bare([][Symbol.iterator]()), bare(''[Symbol.iterator]()), bare('a'.matchAll(/a/g)), bare([].values().map((x) => x)));
console.log((function () { return arguments; })(1), bare((function () { return arguments; })(1)));
console.log(told(bare(new Error('msg')), 'Error: msg'), told(bare(new TypeError('bad')), 'TypeError: bad'), told(bare(new RangeError('worse')), ''));
console.log(told(bare(Object.assign(new Error('fields'), { code: 5 })), 'Error: fields\n    at x'), told(bare(new AggregateError([1], 'all')), 'AggregateError: all'));
console.log(told(new Error('outer', { cause: told(bare(new Error('in')), 'Error: in') }), 'Error: outer\n    at y'));
console.log(bare(new (class Mine {})()), bare(new (class Tagged { get [Symbol.toStringTag]() { return 'Tag'; } })()), Object.create(Object.create(null)), Object.create(bare({ x: 1 })));
console.log('%s %s %s %s', bare({ a: 1 }), bare(new Map([[1, 2]])), bare(new Date(0)), bare([1]));
console.log('%o|%O|%j', bare({ a: 1 }), bare(new Set([1])), bare({ a: 1 }));
console.table([bare({ a: 1 }), bare({ a: 2 })]); console.table(bare({ x: { a: 1 } })); console.table(new MyMap([[1, 2]]));
console.log(Object.setPrototypeOf(new Map([[1, 2]]), (class Foo {}).prototype), Object.setPrototypeOf([1], Object.prototype));
console.log(Object.assign(Object.create({ constructor: 1 }), { a: 1 }), Object.create({ constructor: class Odd {} }));
END

test_done
