// SPDX-License-Identifier: MIT
// types.js - the type of a value by its internal slots: never by Symbol.toStringTag or `constructor`, and without
// running a getter or a trap of a Proxy.

import { ErrorPrototype, ObjectGetPrototypeOf } from './primordials.js';
import { native, unwrapProxy } from './natives.js';

// The prototype of `object`, or the target if that is a Proxy.
export const prototypeOf = (object) => unwrapProxy(ObjectGetPrototypeOf(object));

// `object instanceof` the class of `wanted`, which is its prototype.
export const hasInChain = (object, wanted) => {
    for (let at = prototypeOf(object); at !== null; at = prototypeOf(at)) {
        if (at === wanted) return true;
    }
    return false;
};

// A cache: inspect() calls a dozen of these functions for one value in a row.
let lastValue;
let lastKind = '';

// A word of the table in worker/kind.cc; '' for other objects and for what is no object.
export function kindOf(value) {
    if (value !== lastValue) {
        lastKind = native.kindOf(value) ?? '';
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
export const isArgumentsObject = (value) => kindOf(value) === 'Arguments';
export const isModuleNamespaceObject = (value) => kindOf(value) === 'Module';
export const isNativeError = (value) => kindOf(value) === 'Error';
export const isError = (value) => isNativeError(value) || hasInChain(value, ErrorPrototype);

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

export function isAsyncFunction(value) {
    const kind = kindOf(value);
    return kind === 'AsyncFunction' || kind === 'AsyncGeneratorFunction';
}

export function isGeneratorFunction(value) {
    const kind = kindOf(value);
    return kind === 'GeneratorFunction' || kind === 'AsyncGeneratorFunction';
}

// The class that V8 would name, for objects without a prototype.
export const classNameOf = (value) => native.className(value);
