// SPDX-License-Identifier: MIT
// revive.js - turns tagged JSON into values; encode.cc does the opposite. An
// object with an invalid tag stays as it is.

import {
    ArrayIsArray,
    ArrayPrototypePop,
    ArrayPrototypePush,
    BigInt,
    BufferViews,
    DataView,
    Date,
    DatePrototypeGetTime,
    Error,
    ErrorPrototypes,
    Infinity,
    Map,
    MapPrototypeSet,
    NaN,
    NumberIsNaN,
    ObjectDefineProperty,
    ObjectKeys,
    ObjectPrototypeHasOwnProperty,
    ObjectSetPrototypeOf,
    ReflectApply,
    RegExp,
    Set,
    SetPrototypeAdd,
    StringFromCharCode,
    StringPrototypeCharCodeAt,
    Uint8Array,
} from './primordials.js';

const isObject = (value) => typeof value === 'object' && value !== null;

function tagOf(value) {
    if (ArrayIsArray(value) || !ObjectPrototypeHasOwnProperty(value, '$type')) return undefined;
    return typeof value.$type === 'string' ? value.$type : undefined;
}

function own(value, key) {
    return ObjectPrototypeHasOwnProperty(value, key) ? value[key] : undefined;
}

const digits = new Uint8Array(128).fill(64);
for (let i = 0; i < 64; i++) {
    digits['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.charCodeAt(i)] = i;
}

// The buffer; undefined when the text is not base64 with its padding.
function decodeBase64(text) {
    const { length } = text;
    if (length % 4 !== 0) return undefined;
    let padding = 0;
    while (padding < 2 && padding < length && text[length - 1 - padding] === '=') padding++;
    const bytes = new Uint8Array((length / 4) * 3 - padding);
    let bits = 0;
    let at = 0;
    for (let i = 0; i < length - padding; i++) {
        const code = StringPrototypeCharCodeAt(text, i);
        const digit = code < 128 ? digits[code] : 64;
        if (digit === 64) return undefined;
        bits = (bits << 6) | digit;
        if (i % 4 !== 0) bytes[at++] = (bits >> (6 - (i % 4) * 2)) & 255;
    }
    return bytes.buffer;
}

// Makes a string that is not well-formed, which JSON text cannot contain.
function makeString(base64) {
    const buffer = decodeBase64(base64);
    if (buffer === undefined) return undefined;
    const bytes = new Uint8Array(buffer);
    const { length } = bytes;
    if (length % 2 !== 0) return undefined;
    let text = '';
    for (let from = 0; from < length; from += 4096) {
        const units = ObjectSetPrototypeOf([], null);
        for (let i = from; i < length && i < from + 4096; i += 2) {
            units[units.length] = bytes[i] | (bytes[i + 1] << 8);
        }
        text += ReflectApply(StringFromCharCode, undefined, units);
    }
    return text;
}

// Makes an object that has a key that is not well-formed.
function makeObject(entries) {
    const object = {};
    for (let i = 0; i < entries.length; i++) {
        if (!ArrayIsArray(entries[i]) || typeof entries[i][0] !== 'string') return undefined;
        put(object, entries[i][0], entries[i][1]);
    }
    return object;
}

function makeMap(entries) {
    const map = new Map();
    for (let i = 0; i < entries.length; i++) {
        if (!ArrayIsArray(entries[i])) return undefined;
        MapPrototypeSet(map, entries[i][0], entries[i][1]);
    }
    return map;
}

function makeSet(values) {
    const set = new Set();
    for (let i = 0; i < values.length; i++) SetPrototypeAdd(set, values[i]);
    return set;
}

// The causes of an error are not enumerable, as in errors that the language makes.
const origins = ['cause', 'errors', 'error', 'suppressed'];

function makeError(name, message, tagged) {
    const error = new Error(message);
    for (let i = 0; i < origins.length; i++) {
        if (!ObjectPrototypeHasOwnProperty(tagged, origins[i])) continue;
        ObjectDefineProperty(error, origins[i], {
            __proto__: null,
            value: tagged[origins[i]],
            writable: true,
            enumerable: false,
            configurable: true,
        });
    }
    if (ErrorPrototypes[name] !== undefined) ObjectSetPrototypeOf(error, ErrorPrototypes[name]);
    else if (typeof name === 'string') {
        ObjectDefineProperty(error, 'name', {
            __proto__: null,
            value: name,
            writable: true,
            enumerable: false,
            configurable: true,
        });
    }
    return error;
}

function makeNumber(text) {
    if (text === 'NaN') return NaN;
    if (text === 'Infinity') return Infinity;
    return text === '-Infinity' ? -Infinity : undefined;
}

function makeBytes(type, text) {
    const buffer = typeof text === 'string' ? decodeBase64(text) : undefined;
    if (buffer === undefined) return undefined;
    if (type === 'ArrayBuffer') return buffer;
    if (type === 'DataView') return new DataView(buffer);
    return new BufferViews[type](buffer);
}

function makeDate(text) {
    const date = new Date(text);
    return NumberIsNaN(DatePrototypeGetTime(date)) ? undefined : date;
}

// The value of a tagged object; undefined when the tag is invalid.
function untag(type, value) {
    switch (type) {
        case 'bigint':
            return BigInt(own(value, 'value'));
        case 'number':
            return makeNumber(own(value, 'value'));
        case 'string':
            return typeof own(value, 'utf16') === 'string' ? makeString(value.utf16) : undefined;
        case 'object':
            return ArrayIsArray(own(value, 'entries')) ? makeObject(value.entries) : undefined;
        case 'map':
            return ArrayIsArray(own(value, 'entries')) ? makeMap(value.entries) : undefined;
        case 'set':
            return ArrayIsArray(own(value, 'values')) ? makeSet(value.values) : undefined;
        case 'regexp':
            return new RegExp(own(value, 'source'), own(value, 'flags'));
        case 'error':
            return makeError(own(value, 'name'), own(value, 'message'), value);
        case 'date':
            return makeDate(own(value, 'value'));
        default:
            if (type === 'ArrayBuffer' || type === 'DataView' || BufferViews[type] !== undefined) {
                return makeBytes(type, own(value, 'base64'));
            }
            return undefined;
    }
}

function revived(value) {
    const type = tagOf(value);
    if (type === undefined) return value;
    if (type === 'undefined') return undefined;
    if (type === 'object' && isObject(own(value, 'value'))) return value.value;
    try {
        const made = untag(type, value);
        return made === undefined ? value : made;
    } catch {
        return value;
    }
}

function put(holder, key, value) {
    ObjectDefineProperty(holder, key, {
        __proto__: null,
        value,
        writable: true,
        enumerable: true,
        configurable: true,
    });
}

function pushChildren(stack, holder) {
    const keys = ObjectKeys(holder);
    for (let i = 0; i < keys.length; i++) {
        if (isObject(holder[keys[i]]))
            ArrayPrototypePush(stack, { __proto__: null, holder, key: keys[i], ready: false });
    }
}

// `root` comes from JSON.parse: plain arrays and objects, every property an own
// one, and never a cycle. Without recursion: depth is the sender's choice.
export function revive(root) {
    if (!isObject(root)) return root;
    const box = { __proto__: null, root };
    const stack = ObjectSetPrototypeOf([{ __proto__: null, holder: box, key: 'root', ready: false }], null);

    while (stack.length > 0) {
        const top = stack[stack.length - 1];
        const value = top.holder[top.key];
        if (top.ready) {
            const made = revived(value);
            if (made !== value) put(top.holder, top.key, made);
            ArrayPrototypePop(stack);
        } else {
            top.ready = true;
            // An object that is wrapped because it has a `$type` of its own.
            const wrapped = tagOf(value) === 'object' ? own(value, 'value') : undefined;
            pushChildren(stack, isObject(wrapped) ? wrapped : value);
        }
    }
    return box.root;
}
