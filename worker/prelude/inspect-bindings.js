// SPDX-License-Identifier: MIT
// inspect-bindings.js - in our bundle node-inspect-extracted imports this file
// in place of its own substitutes for Node's C++ (see inspect-patches.mjs): the
// captured intrinsics, type checks from types.js, and the few functions here.
//
// An export of this file shadows the one of the same name in primordials.js,
// which would use something that the agent can change (Symbol.species,
// RegExp.prototype.exec, ...).

import {
    Array,
    ArrayPrototypeIncludes,
    ArrayPrototypePop,
    ArrayPrototypePush as push,
    Map,
    MapIteratorPrototypeNext,
    MapPrototypeEntries as entriesOf,
    MapPrototypeGet,
    MapPrototypeGetSize,
    MapPrototypeSet,
    MathMin,
    NumberPrototypeToString,
    ObjectFreeze,
    ObjectGetOwnPropertyDescriptor as getDescriptor,
    ObjectGetOwnPropertyNames,
    ObjectKeys,
    ObjectPrototypeHasOwnProperty,
    ObjectPrototypePropertyIsEnumerable,
    ObjectSetPrototypeOf,
    RangeErrorPrototype,
    ReflectOwnKeys,
    RegExpPrototypeExec,
    RegExpFlags,
    RegExpPrototypeGetGlobal,
    RegExpPrototypeGetSource,
    Set,
    SetIteratorPrototypeNext,
    SetPrototypeAdd,
    SetPrototypeDelete,
    SetPrototypeGetSize,
    SetPrototypeHas,
    SetPrototypeValues as valuesOf,
    String,
    StringPrototypeCodePointAt,
    StringPrototypeIndexOf,
    StringPrototypeNormalize,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
    SymbolFor,
    SymbolIterator,
    SymbolToStringTag,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeGetLength,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypeError,
} from './primordials.js';
import { native, previewEntries as preview, promiseState, proxyDetails } from './natives.js';
import { hasInChain, isTypedArray, prototypeOf } from './types.js';
import { append } from './list.js';
import { clamp, cleanStack, MAX_ENTRY } from './text.js';

export * from './primordials.js';
export * from './types.js';
export { MAX_ENTRY };

const MAX_LISTED_KEYS = 10000;
const MAX_STACK = 65536;

// ---- lists without species, iteration or setters of Array.prototype

export { append as ArrayPrototypePush };

export function ArrayPrototypeForEach(list, callback) {
    for (let i = 0; i < list.length; i++) callback(list[i], i);
}

export function ArrayPrototypeMap(list, callback) {
    const out = [];
    for (let i = 0; i < list.length; i++) append(out, callback(list[i], i));
    return out;
}

export function ArrayPrototypeFilter(list, callback) {
    const out = [];
    for (let i = 0; i < list.length; i++) if (callback(list[i])) append(out, list[i]);
    return out;
}

export function ArrayPrototypeSlice(list, start = 0, end = list.length) {
    const out = [];
    for (let i = start < 0 ? list.length + start : start; i < MathMin(end, list.length); i++) append(out, list[i]);
    return out;
}

export function ArrayPrototypeSplice(list, start, count, ...added) {
    const tail = ArrayPrototypeSlice(list, start + count);
    list.length = start;
    ArrayPrototypePushApply(list, added);
    ArrayPrototypePushApply(list, tail);
}

// A for-of over any own list or iterator: `next` returns {done, value}.
const iterable = (size, next) => ({
    __proto__: null,
    size,
    [SymbolIterator]: () => ({ __proto__: null, next }),
});

export function iterate(list) {
    let at = 0;
    return iterable(list.length, () =>
        at < list.length ? { __proto__: null, done: false, value: list[at++] } : { __proto__: null, done: true },
    );
}

// The content of a Set or Map; does not use Symbol.iterator, which a class can replace.
export function SetPrototypeValues(set) {
    const iterator = valuesOf(set);
    return iterable(SetPrototypeGetSize(set), () => SetIteratorPrototypeNext(iterator));
}

export function MapPrototypeEntries(map) {
    const iterator = entriesOf(map);
    return iterable(MapPrototypeGetSize(map), () => MapIteratorPrototypeNext(iterator));
}

export const newList = (length) => ObjectSetPrototypeOf(new Array(length), null);

export function ArrayPrototypePushApply(list, added) {
    for (let i = 0; i < added.length; i++) append(list, added[i]);
}

// ---- containers of the package's own

export class SafeMap {
    #map = new Map();

    get size() {
        return MapPrototypeGetSize(this.#map);
    }
    get(key) {
        return MapPrototypeGet(this.#map, key);
    }
    set(key, value) {
        MapPrototypeSet(this.#map, key, value);
        return this;
    }
}

export class SafeSet {
    #set = new Set();

    constructor(list = []) {
        for (let i = 0; i < list.length; i++) this.add(list[i]);
    }

    add(value) {
        SetPrototypeAdd(this.#set, value);
    }
    delete(value) {
        SetPrototypeDelete(this.#set, value);
    }
    has(value) {
        return SetPrototypeHas(this.#set, value);
    }
    [SymbolIterator]() {
        return SetPrototypeValues(this.#set)[SymbolIterator]();
    }
}

const stackMethods = ObjectFreeze({
    __proto__: null,
    includes(value) {
        return ArrayPrototypeIncludes(this, value);
    },
    push(value) {
        push(this, value);
    },
    pop() {
        return ArrayPrototypePop(this);
    },
});
for (const container of [SafeMap, SafeSet]) ObjectSetPrototypeOf(container.prototype, null);

// The list of objects that inspect() stands in at the moment.
export const newSeenStack = () => ObjectSetPrototypeOf([], stackMethods);

// ---- objects

export const ObjectGetPrototypeOf = prototypeOf;

// inspect() reads `value`, and if that is undefined `get` and `set`: missing
// ones must not be found in Object.prototype.
export function ObjectGetOwnPropertyDescriptor(object, key) {
    const found = getDescriptor(object, key);
    if (found === undefined || (ObjectPrototypeHasOwnProperty(found, 'value') && found.value !== undefined))
        return found;
    return ObjectSetPrototypeOf(found, null);
}

// Only called for builtin classes, whose `prototype` is constant.
export const FunctionPrototypeSymbolHasInstance = (constructor, value) => hasInChain(value, constructor.prototype);

// The names of builtin classes, which need no listing of what they inherit.
export const builtinNames = ObjectGetOwnPropertyNames(globalThis);

export const ALL_PROPERTIES = 0;
export const ONLY_ENUMERABLE = 2;

const isIndex = (key) =>
    typeof key === 'string' && RegExpPrototypeExec(/^(?:0|[1-9]\d{0,9})$/, key) !== null && +key < 2 ** 32 - 1;

export function getOwnNonIndexProperties(object, filter) {
    const onlyEnumerable = filter === ONLY_ENUMERABLE;
    if (native.ownNonIndexKeys !== undefined) return native.ownNonIndexKeys(object, onlyEnumerable);
    const length = isTypedArray(object) ? TypedArrayPrototypeGetLength(object) : object.length;
    if (length > MAX_LISTED_KEYS) return [];
    return ArrayPrototypeFilter(
        ReflectOwnKeys(object),
        (key) => !isIndex(key) && (!onlyEnumerable || ObjectPrototypePropertyIsEnumerable(object, key)),
    );
}

// The keys of an array's elements from its first hole at `start` on, as they
// stand in Object.keys(list), but no more than `wanted`: an array of ten million
// elements has ten million keys.
export function keysFromHole(list, start, wanted) {
    const keys = { __proto__: null, length: start };
    for (let i = start; i < list.length && i < start + MAX_LISTED_KEYS + wanted; i++) {
        if (keys.length === start + wanted) return keys;
        if (ObjectPrototypeHasOwnProperty(list, i)) keys[keys.length++] = `${i}`;
    }
    return ObjectKeys(list); // few elements, or few within reach
}

// A typed array that lost its prototype, as a new one over the same memory.
const typedArrays = { __proto__: null };
for (const name of ObjectGetOwnPropertyNames(globalThis)) {
    if (/Array$/.test(name) && name !== 'Array') typedArrays[name] = globalThis[name];
}
export const typedArrayView = (array) =>
    new typedArrays[TypedArrayPrototypeGetSymbolToStringTag(array)](
        TypedArrayPrototypeGetBuffer(array),
        TypedArrayPrototypeGetByteOffset(array),
        TypedArrayPrototypeGetLength(array),
    );

// ---- functions that Node gets from V8

export { classNameOf as getConstructorName } from './types.js';

export const kPending = 0;
export const kRejected = 2;
export const getPromiseDetails = promiseState;

export function getProxyDetails(value, wantHandler = true) {
    const details = proxyDetails(value);
    return details === undefined || wantHandler ? details : details[0];
}

export function previewEntries(value, wantKeyed = false) {
    const entries = preview(value) ?? [[], false];
    return wantKeyed ? entries : entries[0];
}

// ---- text

export const customInspectSymbol = SymbolFor('nodejs.util.inspect.custom');
export { ArrayPrototypeJoin as join } from './primordials.js';

export function StringPrototypeReplaceAll(text, from, to) {
    let at = StringPrototypeIndexOf(text, from);
    if (at === -1) return text;
    let out = '';
    let start = 0;
    for (; at !== -1; at = StringPrototypeIndexOf(text, from, start)) {
        out += StringPrototypeSlice(text, start, at) + to;
        start = at + from.length;
    }
    return out + StringPrototypeSlice(text, start);
}

export function StringPrototypeReplace(text, from, to) {
    const at = StringPrototypeIndexOf(text, from);
    return at === -1 ? text : StringPrototypeSlice(text, 0, at) + to + StringPrototypeSlice(text, at + from.length);
}

// `text` cut at each `separator`, which stays at the end of a piece if `keep`.
function split(text, separator, keep) {
    const out = [];
    let start = 0;
    for (let at; (at = StringPrototypeIndexOf(text, separator, start)) !== -1; start = at + separator.length) {
        append(out, StringPrototypeSlice(text, start, keep ? at + separator.length : at));
    }
    if (!keep || start < text.length) append(out, StringPrototypeSlice(text, start));
    return out;
}

export const StringPrototypeSplit = (text, separator) => split(text, separator, false);

// The package's one use: /(?<=\n)/, after each line.
export const RegExpPrototypeSymbolSplit = (_regexp, text) => split(text, '\n', true);

// `regexp` is global; `to` a string without `$` or a function of the match.
export function RegExpPrototypeSymbolReplace(regexp, text, to) {
    let out = '';
    let start = 0;
    regexp.lastIndex = 0;
    for (let match; (match = RegExpPrototypeExec(regexp, text)) !== null; ) {
        out += StringPrototypeSlice(text, start, match.index) + (typeof to === 'string' ? to : to(match[0]));
        start = match.index + match[0].length;
        if (!RegExpPrototypeGetGlobal(regexp)) break;
    }
    return out + StringPrototypeSlice(text, start);
}

const isZeroWidth = (code) =>
    code <= 0x1f ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x20d0 && code <= 0x20ff) ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    (code >= 0xfe20 && code <= 0xfe2f) ||
    (code >= 0xe0100 && code <= 0xe01ef);

const isFullWidth = (code) =>
    code >= 0x1100 &&
    (code <= 0x115f ||
        code === 0x2329 ||
        code === 0x232a ||
        (code >= 0x2e80 && code <= 0x3247 && code !== 0x303f) ||
        (code >= 0x3250 && code <= 0x4dbf) ||
        (code >= 0x4e00 && code <= 0xa4c6) ||
        (code >= 0xa960 && code <= 0xa97c) ||
        (code >= 0xac00 && code <= 0xd7a3) ||
        (code >= 0xf900 && code <= 0xfaff) ||
        (code >= 0xfe10 && code <= 0xfe19) ||
        (code >= 0xfe30 && code <= 0xfe6b) ||
        (code >= 0xff01 && code <= 0xff60) ||
        (code >= 0xffe0 && code <= 0xffe6) ||
        (code >= 0x1b000 && code <= 0x1b001) ||
        (code >= 0x1f200 && code <= 0x1f251) ||
        (code >= 0x1f300 && code <= 0x1f64f) ||
        (code >= 0x20000 && code <= 0x3fffd));

const plain = /^[ -~]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals know colors by it
const colors = /\u001b\[\d\d?m/g;
export const removeColors = (text) => RegExpPrototypeSymbolReplace(colors, text, '');

// Columns that `text` takes on a terminal. Only short texts are ever put into
// columns, so a long one need not be measured exactly.
export function getStringWidth(text, hasColors = false) {
    if (hasColors) text = removeColors(text);
    if (text.length > 500 || RegExpPrototypeExec(plain, text) !== null) return text.length;
    text = StringPrototypeNormalize(text, 'NFC');
    let width = 0;
    for (let i = 0; i < text.length; i++) {
        const code = StringPrototypeCodePointAt(text, i);
        if (code > 0xffff) i++;
        width += isFullWidth(code) ? 2 : isZeroWidth(code) ? 0 : 1;
    }
    return width;
}

// RegExp.prototype.toString would call the getters `source` and `flags`, and `flags` eight more.
export function RegExpPrototypeToString(regexp) {
    let flags = '';
    for (let i = 0; i < RegExpFlags.length; i++) {
        if (RegExpFlags[i].get(regexp)) flags += RegExpFlags[i].flag;
    }
    return `/${RegExpPrototypeGetSource(regexp)}/${flags}`;
}

export function hexSlice(bytes, start, end) {
    let out = '';
    for (let i = start; i < end; i++) {
        out += (bytes[i] < 16 ? '0' : '') + NumberPrototypeToString(bytes[i], 16);
    }
    return out;
}

// ---- errors

export function stackOf(error) {
    const { stack } = error;
    return typeof stack === 'string' ? clamp(cleanStack(stack), MAX_STACK, '\n    ...') : stack;
}

export const isStackOverflowError = (error) =>
    typeof error === 'object' &&
    error !== null &&
    hasInChain(error, RangeErrorPrototype) &&
    error.message === 'Maximum call stack size exceeded';

export function assert(condition) {
    if (!condition) throw new TypeError('an internal check of inspect() failed');
}

export const kValidateObjectAllowArray = 2;
export function validateObject(value, name) {
    if (typeof value !== 'object' || value === null) throw new TypeError(`"${name}" must be an object`);
}

export const validateString = (value) => assert(typeof value === 'string');

// Colours only: Node greys out the frames of its own modules.
export const BuiltinModule = { __proto__: null, exists: () => false };

// ---- additions to what Node shows

// Temporal objects keep their value in internal slots; Node prints `{}`. The
// classes do not exist yet while the base snapshot is made, so they are known
// by their tag, and asked with their own toString().
export function temporalText(value) {
    try {
        const tag = value[SymbolToStringTag];
        if (typeof tag !== 'string' || !StringPrototypeStartsWith(tag, 'Temporal.')) return undefined;
        return `${tag} ${clamp(String(value.toString()), 1000, '...')}`;
    } catch {
        return undefined;
    }
}
