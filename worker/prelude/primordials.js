// SPDX-License-Identifier: MIT
// primordials.js - the intrinsics as they were before agent code could touch
// them, under the names Node uses for its own: ArrayPrototypePush(list, x) is
// list.push(x), MapPrototypeGetSize(map) is map.size.
//
// Everything is captured once, while the base snapshot is made. Prelude code
// that runs later uses these names only: never a method, a for-of over an
// array, a spread of an array or a destructuring [a, b], because all of them
// use objects that the agent may have changed.

// Constructors first. The names shadow the globals on purpose: here and in a
// file that imports it, `Map` is the captured one.
export const {
    AggregateError,
    Array,
    ArrayBuffer,
    BigInt,
    Boolean,
    DataView,
    Date,
    Error,
    Function,
    Infinity,
    Int32Array,
    Map,
    NaN,
    Number,
    Object,
    Promise,
    RangeError,
    RegExp,
    Set,
    String,
    TypeError,
    Uint32Array,
    Uint8Array,
    WeakMap,
    WeakSet,
} = globalThis;

const { bind, call } = Function.prototype;
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

export const uncurryThis = bind.bind(call);

const getter = (object, key) => uncurryThis(getOwnPropertyDescriptor(object, key).get);

// By name: the classes for errors that come from outside, and the views of a
// buffer.
export const ErrorPrototypes = { __proto__: null };
for (const name of ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']) {
    ErrorPrototypes[name] = globalThis[name].prototype;
}
export const BufferViews = { __proto__: null };
for (const name of [
    'BigInt64Array',
    'BigUint64Array',
    'Float16Array',
    'Float32Array',
    'Float64Array',
    'Int16Array',
    'Int32Array',
    'Int8Array',
    'Uint16Array',
    'Uint32Array',
    'Uint8Array',
    'Uint8ClampedArray',
]) {
    BufferViews[name] = globalThis[name];
}

export const TypedArray = getPrototypeOf(Uint8Array);

export const AggregateErrorPrototype = AggregateError.prototype;
export const ArrayPrototype = Array.prototype;
export const ArrayBufferPrototype = ArrayBuffer.prototype;
export const AsyncIteratorPrototype = getPrototypeOf(getPrototypeOf(async function* () {}.prototype));
export const AsyncFunctionPrototype = getPrototypeOf(async () => {});
export const AsyncGeneratorFunctionPrototype = getPrototypeOf(async function* () {});
export const BigIntPrototype = BigInt.prototype;
export const BooleanPrototype = Boolean.prototype;
export const DataViewPrototype = DataView.prototype;
export const DatePrototype = Date.prototype;
export const ErrorPrototype = Error.prototype;
export const FunctionPrototype = Function.prototype;
export const GeneratorFunctionPrototype = getPrototypeOf(function* () {});
export const IteratorPrototype = getPrototypeOf(getPrototypeOf([][Symbol.iterator]()));
export const MapIteratorPrototype = getPrototypeOf(new Map().entries());
export const MapPrototype = Map.prototype;
export const NumberPrototype = Number.prototype;
export const ObjectPrototype = Object.prototype;
export const PromisePrototype = Promise.prototype;
export const RangeErrorPrototype = RangeError.prototype;
export const RegExpPrototype = RegExp.prototype;
export const SetIteratorPrototype = getPrototypeOf(new Set().values());
export const SetPrototype = Set.prototype;
export const StringPrototype = String.prototype;
export const { fromCharCode: StringFromCharCode } = String;
export const SymbolPrototype = Symbol.prototype;
export const TypedArrayPrototype = TypedArray.prototype;
export const TypeErrorPrototype = TypeError.prototype;
export const WeakMapPrototype = WeakMap.prototype;
export const WeakSetPrototype = WeakSet.prototype;

// Static functions.
export const ArrayIsArray = Array.isArray;
export const ArrayBufferIsView = ArrayBuffer.isView;
export const DateNow = Date.now;
export const ErrorCaptureStackTrace = Error.captureStackTrace;
export const { parse: JSONParse, stringify: JSONStringify } = JSON;
export const {
    floor: MathFloor,
    imul: MathImul,
    max: MathMax,
    min: MathMin,
    round: MathRound,
    sqrt: MathSqrt,
    trunc: MathTrunc,
} = Math;
export const {
    isFinite: NumberIsFinite,
    isNaN: NumberIsNaN,
    parseFloat: NumberParseFloat,
    parseInt: NumberParseInt,
} = Number;
export const {
    assign: ObjectAssign,
    defineProperty: ObjectDefineProperty,
    freeze: ObjectFreeze,
    getOwnPropertyDescriptor: ObjectGetOwnPropertyDescriptor,
    getOwnPropertyNames: ObjectGetOwnPropertyNames,
    getOwnPropertySymbols: ObjectGetOwnPropertySymbols,
    getPrototypeOf: ObjectGetPrototypeOf,
    is: ObjectIs,
    keys: ObjectKeys,
    seal: ObjectSeal,
    setPrototypeOf: ObjectSetPrototypeOf,
} = Object;
export const {
    apply: ReflectApply,
    construct: ReflectConstruct,
    defineProperty: ReflectDefineProperty,
    has: ReflectHas,
    ownKeys: ReflectOwnKeys,
} = Reflect;
export const SymbolFor = Symbol.for;
export const {
    asyncIterator: SymbolAsyncIterator,
    iterator: SymbolIterator,
    toPrimitive: SymbolToPrimitive,
    toStringTag: SymbolToStringTag,
} = Symbol;

// Methods, with `this` as the first argument.
export const ArrayPrototypeIncludes = uncurryThis(ArrayPrototype.includes);
export const ArrayPrototypeIndexOf = uncurryThis(ArrayPrototype.indexOf);
export const ArrayPrototypeJoin = uncurryThis(ArrayPrototype.join);
export const ArrayPrototypePop = uncurryThis(ArrayPrototype.pop);
export const ArrayPrototypePush = uncurryThis(ArrayPrototype.push);
export const ArrayPrototypeSlice = uncurryThis(ArrayPrototype.slice);
export const ArrayPrototypeSort = uncurryThis(ArrayPrototype.sort);
export const ArrayPrototypeSplice = uncurryThis(ArrayPrototype.splice);
export const ArrayPrototypeUnshift = uncurryThis(ArrayPrototype.unshift);
export const ArrayBufferPrototypeGetByteLength = getter(ArrayBufferPrototype, 'byteLength');
export const ArrayBufferPrototypeGetDetached = getter(ArrayBufferPrototype, 'detached');
export const ArrayBufferPrototypeSlice = uncurryThis(ArrayBufferPrototype.slice);
export const BigIntPrototypeValueOf = uncurryThis(BigIntPrototype.valueOf);
export const BooleanPrototypeValueOf = uncurryThis(BooleanPrototype.valueOf);
export const DataViewPrototypeGetBuffer = getter(DataViewPrototype, 'buffer');
export const DataViewPrototypeGetByteLength = getter(DataViewPrototype, 'byteLength');
export const DataViewPrototypeGetByteOffset = getter(DataViewPrototype, 'byteOffset');
export const DatePrototypeGetTime = uncurryThis(DatePrototype.getTime);
export const DatePrototypeGetTimezoneOffset = uncurryThis(DatePrototype.getTimezoneOffset);
export const DatePrototypeToISOString = uncurryThis(DatePrototype.toISOString);
export const DatePrototypeToString = uncurryThis(DatePrototype.toString);
export const ErrorPrototypeToString = uncurryThis(ErrorPrototype.toString);
export const FunctionPrototypeBind = uncurryThis(bind);
export const FunctionPrototypeCall = uncurryThis(call);
export const FunctionPrototypeToString = uncurryThis(FunctionPrototype.toString);
export const MapIteratorPrototypeNext = uncurryThis(MapIteratorPrototype.next);
export const MapPrototypeDelete = uncurryThis(MapPrototype.delete);
export const MapPrototypeEntries = uncurryThis(MapPrototype.entries);
export const MapPrototypeForEach = uncurryThis(MapPrototype.forEach);
export const MapPrototypeGet = uncurryThis(MapPrototype.get);
export const MapPrototypeGetSize = getter(MapPrototype, 'size');
export const MapPrototypeHas = uncurryThis(MapPrototype.has);
export const MapPrototypeSet = uncurryThis(MapPrototype.set);
export const MapPrototypeClear = uncurryThis(MapPrototype.clear);
export const NumberPrototypeToFixed = uncurryThis(NumberPrototype.toFixed);
export const NumberPrototypeToString = uncurryThis(NumberPrototype.toString);
export const NumberPrototypeValueOf = uncurryThis(NumberPrototype.valueOf);
export const ObjectPrototypeHasOwnProperty = uncurryThis(ObjectPrototype.hasOwnProperty);
export const ObjectPrototypePropertyIsEnumerable = uncurryThis(ObjectPrototype.propertyIsEnumerable);
export const ObjectPrototypeToString = uncurryThis(ObjectPrototype.toString);
export const PromisePrototypeThen = uncurryThis(PromisePrototype.then);
export const RegExpPrototypeExec = uncurryThis(RegExpPrototype.exec);
export const RegExpPrototypeGetGlobal = getter(RegExpPrototype, 'global');
export const RegExpPrototypeGetSource = getter(RegExpPrototype, 'source');
export const SetIteratorPrototypeNext = uncurryThis(SetIteratorPrototype.next);
export const SetPrototypeAdd = uncurryThis(SetPrototype.add);
export const SetPrototypeDelete = uncurryThis(SetPrototype.delete);
export const SetPrototypeGetSize = getter(SetPrototype, 'size');
export const SetPrototypeHas = uncurryThis(SetPrototype.has);
export const SetPrototypeValues = uncurryThis(SetPrototype.values);
export const StringPrototypeCharCodeAt = uncurryThis(StringPrototype.charCodeAt);
export const StringPrototypeCodePointAt = uncurryThis(StringPrototype.codePointAt);
export const StringPrototypeEndsWith = uncurryThis(StringPrototype.endsWith);
export const StringPrototypeIncludes = uncurryThis(StringPrototype.includes);
export const StringPrototypeIndexOf = uncurryThis(StringPrototype.indexOf);
export const StringPrototypeLastIndexOf = uncurryThis(StringPrototype.lastIndexOf);
export const StringPrototypeNormalize = uncurryThis(StringPrototype.normalize);
export const StringPrototypePadEnd = uncurryThis(StringPrototype.padEnd);
export const StringPrototypePadStart = uncurryThis(StringPrototype.padStart);
export const StringPrototypeRepeat = uncurryThis(StringPrototype.repeat);
export const StringPrototypeReplaceAll = (text, from, to) => {
    let out = '';
    let start = 0;
    for (let at; (at = StringPrototypeIndexOf(text, from, start)) !== -1; start = at + from.length) {
        out += StringPrototypeSlice(text, start, at) + to;
    }
    return out + StringPrototypeSlice(text, start);
};
export const StringPrototypeSlice = uncurryThis(StringPrototype.slice);
export const StringPrototypeStartsWith = uncurryThis(StringPrototype.startsWith);
export const StringPrototypeToLowerCase = uncurryThis(StringPrototype.toLowerCase);
export const StringPrototypeValueOf = uncurryThis(StringPrototype.valueOf);
export const StringPrototypeToUpperCase = uncurryThis(StringPrototype.toUpperCase);
export const StringPrototypeToWellFormed = uncurryThis(StringPrototype.toWellFormed);
export const SymbolPrototypeToString = uncurryThis(SymbolPrototype.toString);
export const SymbolPrototypeValueOf = uncurryThis(SymbolPrototype.valueOf);
export const TypedArrayPrototypeGetBuffer = getter(TypedArrayPrototype, 'buffer');
export const TypedArrayPrototypeGetByteLength = getter(TypedArrayPrototype, 'byteLength');
export const TypedArrayPrototypeGetByteOffset = getter(TypedArrayPrototype, 'byteOffset');
export const TypedArrayPrototypeGetLength = getter(TypedArrayPrototype, 'length');
export const TypedArrayPrototypeSet = uncurryThis(TypedArrayPrototype.set);
export const TypedArrayPrototypeGetSymbolToStringTag = getter(TypedArrayPrototype, Symbol.toStringTag);
export const WeakMapPrototypeHas = uncurryThis(WeakMapPrototype.has);
export const WeakSetPrototypeHas = uncurryThis(WeakSetPrototype.has);

// The getters that RegExp.prototype.flags calls, in the order of its letters.
const flagNames = {
    d: 'hasIndices',
    g: 'global',
    i: 'ignoreCase',
    m: 'multiline',
    s: 'dotAll',
    u: 'unicode',
    v: 'unicodeSets',
    y: 'sticky',
};
export const RegExpFlags = Object.keys(flagNames).map((flag) => ({
    __proto__: null,
    flag,
    get: getter(RegExpPrototype, flagNames[flag]),
}));
