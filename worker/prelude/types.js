// SPDX-License-Identifier: MIT
// types.js - finds the type of a value from its internal slots: never from
// Symbol.toStringTag or `constructor`, and without running a getter or a trap
// of a Proxy.
//
// A brand check of ECMAScript is a captured method that throws for any other
// object, and a throw takes microseconds. So the prototype chain gives the one
// candidate first, and only objects whose chain ends without Object.prototype
// (a Map whose prototype was removed) are checked against the whole table.

import {
    ArrayBufferPrototype,
    ArrayBufferPrototypeGetByteLength,
    AsyncFunctionPrototype,
    AsyncGeneratorFunctionPrototype,
    BigIntPrototype,
    BigIntPrototypeValueOf,
    BooleanPrototype,
    BooleanPrototypeValueOf,
    DataViewPrototype,
    DataViewPrototypeGetBuffer,
    DatePrototype,
    DatePrototypeGetTime,
    ErrorPrototype,
    GeneratorFunctionPrototype,
    Map,
    MapIteratorPrototype,
    MapPrototype,
    MapPrototypeGet,
    MapPrototypeGetSize,
    MapPrototypeSet,
    NumberPrototype,
    NumberPrototypeValueOf,
    ObjectGetOwnPropertyDescriptor,
    ObjectGetPrototypeOf,
    ObjectPrototype,
    ObjectPrototypeToString,
    PromisePrototype,
    ReflectOwnKeys,
    RegExpPrototype,
    RegExpPrototypeGetGlobal,
    SetIteratorPrototype,
    SetPrototype,
    SetPrototypeGetSize,
    StringPrototype,
    StringPrototypeValueOf,
    SymbolPrototype,
    SymbolPrototypeValueOf,
    SymbolToStringTag,
    TypedArrayPrototype,
    TypedArrayPrototypeGetSymbolToStringTag,
    WeakMapPrototype,
    WeakMapPrototypeHas,
    WeakSetPrototype,
    WeakSetPrototypeHas,
} from './primordials.js';
import { previewEntries, promiseState, unwrapProxy } from './natives.js';

// [prototype, kind, check]: a check throws or returns undefined for "no".
const probe = { __proto__: null };
const silent = [
    // these do not throw
    [TypedArrayPrototype, 'TypedArray', (value) => TypedArrayPrototypeGetSymbolToStringTag(value)],
    [PromisePrototype, 'Promise', promiseState],
    [MapIteratorPrototype, 'MapIterator', previewEntries],
    [SetIteratorPrototype, 'SetIterator', previewEntries],
];
const throwing = [
    [MapPrototype, 'Map', MapPrototypeGetSize],
    [SetPrototype, 'Set', SetPrototypeGetSize],
    [DatePrototype, 'Date', DatePrototypeGetTime],
    [RegExpPrototype, 'RegExp', RegExpPrototypeGetGlobal],
    [ArrayBufferPrototype, 'ArrayBuffer', ArrayBufferPrototypeGetByteLength],
    [DataViewPrototype, 'DataView', DataViewPrototypeGetBuffer],
    [WeakMapPrototype, 'WeakMap', (value) => WeakMapPrototypeHas(value, probe)],
    [WeakSetPrototype, 'WeakSet', (value) => WeakSetPrototypeHas(value, probe)],
    [NumberPrototype, 'Number', NumberPrototypeValueOf],
    [StringPrototype, 'String', StringPrototypeValueOf],
    [BooleanPrototype, 'Boolean', BooleanPrototypeValueOf],
    [BigIntPrototype, 'BigInt', BigIntPrototypeValueOf],
    [SymbolPrototype, 'Symbol', SymbolPrototypeValueOf],
];
const kindOfPrototype = new Map();
for (const [prototype, kind, check] of [...silent, ...throwing]) {
    MapPrototypeSet(kindOfPrototype, prototype, { __proto__: null, kind, check });
}

const passes = (check, value) => {
    try {
        return check(value) !== undefined;
    } catch {
        return false;
    }
};

// The prototype of `object`, or the target if that is a Proxy.
export const prototypeOf = (object) => unwrapProxy(ObjectGetPrototypeOf(object));

// `object instanceof` the class of `wanted`, which is its prototype.
export const hasInChain = (object, wanted) => {
    for (let at = prototypeOf(object); at !== null; at = prototypeOf(at)) {
        if (at === wanted) return true;
    }
    return false;
};

const firstKind = (rows, value) => {
    for (let i = 0; i < rows.length; i++) {
        if (passes(rows[i][2], value)) return rows[i][1];
    }
    return '';
};

function findKind(value) {
    let last = value;
    for (let at = value; at !== null; at = prototypeOf(at)) {
        const row = MapPrototypeGet(kindOfPrototype, at);
        if (row !== undefined) return passes(row.check, value) ? row.kind : '';
        last = at;
    }
    if (last === ObjectPrototype) return '';
    // A dictionary made with Object.create(null) has keys, a Map has none and a
    // RegExp has one.
    const keys = ReflectOwnKeys(value);
    const isBare = keys.length === 0 || (keys.length === 1 && keys[0] === 'lastIndex');
    return firstKind(silent, value) || (isBare ? firstKind(throwing, value) : '');
}

// A cache: inspect() calls a dozen of these functions for one value in a row.
let lastValue;
let lastKind = '';

export function kindOf(value) {
    if (value !== lastValue) {
        lastKind = findKind(value);
        lastValue = value;
    }
    return lastKind;
}

// Called after each console entry, or the last value could never be collected.
export function forgetLastValue() {
    lastValue = undefined;
    lastKind = '';
}

export const isMap = (value) => kindOf(value) === 'Map';
export const isSet = (value) => kindOf(value) === 'Set';
export const isMapIterator = (value) => kindOf(value) === 'MapIterator';
export const isSetIterator = (value) => kindOf(value) === 'SetIterator';
export const isWeakMap = (value) => kindOf(value) === 'WeakMap';
export const isWeakSet = (value) => kindOf(value) === 'WeakSet';
export const isPromise = (value) => kindOf(value) === 'Promise';
export const isDate = (value) => kindOf(value) === 'Date';
export const isRegExp = (value) => kindOf(value) === 'RegExp';
export const isTypedArray = (value) => kindOf(value) === 'TypedArray';
export const isArrayBuffer = (value) => kindOf(value) === 'ArrayBuffer';
export const isAnyArrayBuffer = isArrayBuffer; // no SharedArrayBuffer here
export const isDataView = (value) => kindOf(value) === 'DataView';
export const isNumberObject = (value) => kindOf(value) === 'Number';
export const isStringObject = (value) => kindOf(value) === 'String';
export const isBooleanObject = (value) => kindOf(value) === 'Boolean';
export const isBigIntObject = (value) => kindOf(value) === 'BigInt';

export function isBoxedPrimitive(value) {
    switch (kindOf(value)) {
        case 'Number':
        case 'String':
        case 'Boolean':
        case 'BigInt':
        case 'Symbol':
            return true;
        default:
            return false;
    }
}

// "[object Error]" and "[object Arguments]" come from internal slots when there
// is no Symbol.toStringTag.
const builtinTag = (value) => (value[SymbolToStringTag] === undefined ? ObjectPrototypeToString(value) : '');

export function isNativeError(value) {
    try {
        return builtinTag(value) === '[object Error]';
    } catch {
        return false;
    }
}

export const isError = (value) => hasInChain(value, ErrorPrototype) || isNativeError(value);

export function isArgumentsObject(value) {
    try {
        return builtinTag(value) === '[object Arguments]';
    } catch {
        return false;
    }
}

export function isModuleNamespaceObject(value) {
    if (ObjectGetPrototypeOf(value) !== null) return false;
    const tag = ObjectGetOwnPropertyDescriptor(value, SymbolToStringTag);
    return tag !== undefined && tag.value === 'Module' && !tag.writable && !tag.configurable;
}

export const isAsyncFunction = (value) =>
    hasInChain(value, AsyncFunctionPrototype) || hasInChain(value, AsyncGeneratorFunctionPrototype);

export const isGeneratorFunction = (value) =>
    hasInChain(value, GeneratorFunctionPrototype) || hasInChain(value, AsyncGeneratorFunctionPrototype);

// The class that V8 would name, for objects without a prototype.
export function classNameOf(value) {
    const kind = kindOf(value);
    if (kind === 'TypedArray') return TypedArrayPrototypeGetSymbolToStringTag(value);
    if (kind !== '') return kind;
    if (typeof value === 'function') return 'Function';
    return isNativeError(value) ? 'Error' : 'Object';
}
