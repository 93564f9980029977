// SPDX-License-Identifier: MIT
// webidl.js - shared by all interfaces of the web platform: the properties of
// their classes, the conversion of arguments, the text for the console.

import {
    ArrayBuffer,
    ArrayBufferIsView,
    ArrayBufferPrototypeGetByteLength,
    ArrayBufferPrototypeGetDetached,
    ArrayIsArray,
    DataViewPrototypeGetBuffer,
    DataViewPrototypeGetByteLength,
    DataViewPrototypeGetByteOffset,
    FunctionPrototypeCall,
    IteratorPrototype,
    MathFloor,
    MathTrunc,
    Number,
    NumberIsFinite,
    NumberIsNaN,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    ObjectGetPrototypeOf,
    ObjectSetPrototypeOf,
    ReflectApply,
    ReflectOwnKeys,
    StringPrototypeToWellFormed,
    SymbolFor,
    SymbolIterator,
    SymbolToStringTag,
    TypedArrayPrototypeGetBuffer,
    TypedArrayPrototypeGetByteLength,
    TypedArrayPrototypeGetByteOffset,
    TypedArrayPrototypeGetSymbolToStringTag,
    TypeError,
    TypeErrorPrototype,
    Uint8Array,
} from '../primordials.js';
import { append } from '../list.js';
import { brandPrototype, illegal, isObject, nameBrand, needs } from './brand.js';

export { isObject };

const customInspect = SymbolFor('nodejs.util.inspect.custom');

const hidden = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });

function makeEnumerable(holder, key) {
    const found = ObjectGetOwnPropertyDescriptor(holder, key);
    if (!found.configurable) return;
    found.enumerable = true;
    ObjectDefineProperty(holder, key, found);
}

// The bundler renames classes of packages.
export function rename(Class, name) {
    ObjectDefineProperty(Class, 'name', { __proto__: null, value: name, configurable: true });
}

function makeMembersEnumerable(holder, but) {
    const keys = ReflectOwnKeys(holder);
    for (let i = 0; i < keys.length; i++) {
        if (typeof keys[i] === 'string' && but[keys[i]] !== true) makeEnumerable(holder, keys[i]);
    }
}

// Makes a class as WebIDL demands: enumerable members, a toStringTag. `show(object)`
// returns what the console prints: an object, which is printed after the name, or
// the whole text. Agent code may have run before, because late classes use this, too.
export function asInterface(Class, name, show) {
    const { prototype } = Class;
    nameBrand(Class, name);
    rename(Class, name);
    makeMembersEnumerable(prototype, { __proto__: null, constructor: true });
    makeMembersEnumerable(Class, { __proto__: null, prototype: true, name: true, length: true });
    ObjectDefineProperty(prototype, SymbolToStringTag, {
        __proto__: null,
        value: name,
        configurable: true,
    });
    if (show !== undefined) showAs(prototype, name, show);
    return Class;
}

// Pairs as one object, the values of a name that is there more than once in a list.
export function grouped(list) {
    const out = {};
    for (let i = 0; i < list.length; i++) {
        const found = ObjectGetOwnPropertyDescriptor(out, list[i][0]);
        let value = list[i][1];
        if (found !== undefined) {
            value = ArrayIsArray(found.value) ? found.value : [found.value];
            append(value, list[i][1]);
        }
        ObjectDefineProperty(out, list[i][0], {
            __proto__: null,
            value,
            writable: true,
            enumerable: true,
            configurable: true,
        });
    }
    return out;
}

export function showAs(prototype, name, show) {
    const method = {
        inspect(depth, options, inspect) {
            let shown;
            try {
                shown = show(this, (value) => inspect(value, options));
            } catch {
                return `${name} {}`; // the prototype itself, or an object that only inherits from it
            }
            if (typeof shown === 'string') return shown;
            if (depth < 0) return `[${name}]`;
            return `${name} ${inspect(shown, { ...options, depth: options.depth === null ? null : options.depth - 1 })}`;
        },
    }.inspect;
    ObjectDefineProperty(prototype, customInspect, hidden(method));
}

export function constants(Class, table) {
    for (const name of ReflectOwnKeys(table)) {
        for (const holder of [Class, Class.prototype]) {
            ObjectDefineProperty(holder, name, { __proto__: null, value: table[name], enumerable: true });
        }
    }
}

// ---- arguments

export function need(args, count, what) {
    if (args.length >= count) return;
    throw new TypeError(
        `${what}: ${count} argument${count === 1 ? '' : 's'} required, but only ${args.length} present`,
    );
}

export const toUSV = (value) => StringPrototypeToWellFormed(`${value}`);

// A dictionary: undefined and null are an empty one.
const empty = { __proto__: null };
export function dictionary(value, what) {
    if (value === undefined || value === null) return empty;
    if (!isObject(value)) throw new TypeError(`${what} is not an object`);
    return value;
}

export function enforceRange(value, most, what) {
    const number = Number(value);
    if (!NumberIsFinite(number) || MathTrunc(number) < 0 || MathTrunc(number) > most) {
        throw new TypeError(`${what} is outside the range of 0 to ${most}`);
    }
    return MathTrunc(number);
}

// [Clamp] long long: to the next integer, to the even one from halfway.
export function clampedInteger(value) {
    const number = Number(value);
    if (NumberIsNaN(number)) return 0;
    const floor = MathFloor(number);
    const over = number - floor;
    if (over < 0.5) return floor;
    return over > 0.5 || floor % 2 !== 0 ? floor + 1 : floor;
}

// ---- bytes

export function isArrayBuffer(value) {
    try {
        ArrayBufferPrototypeGetByteLength(value);
        return true;
    } catch {
        return false;
    }
}

export const isBufferSource = (value) => isObject(value) && (ArrayBufferIsView(value) || isArrayBuffer(value));

const bytesIn = (buffer, offset, length) =>
    ArrayBufferPrototypeGetDetached(buffer) ? new Uint8Array(0) : new Uint8Array(buffer, offset, length);

// A DataView whose buffer is detached or has become too small for it has no
// length, and says so by a TypeError.
function bytesOfDataView(view) {
    let length;
    try {
        length = DataViewPrototypeGetByteLength(view);
    } catch (error) {
        if (ObjectGetPrototypeOf(error) === TypeErrorPrototype) return new Uint8Array(0);
        throw error;
    }
    return bytesIn(DataViewPrototypeGetBuffer(view), DataViewPrototypeGetByteOffset(view), length);
}

// The memory of an ArrayBuffer or a view of one, not copied; empty for a
// detached buffer, and for a view that lies outside of its buffer.
export function bytesOf(source) {
    if (!ArrayBufferIsView(source)) return bytesIn(source);
    if (TypedArrayPrototypeGetSymbolToStringTag(source) === undefined) return bytesOfDataView(source);
    return bytesIn(
        TypedArrayPrototypeGetBuffer(source),
        TypedArrayPrototypeGetByteOffset(source),
        TypedArrayPrototypeGetByteLength(source),
    );
}

export const bufferOf = (bytes) => {
    const { length } = bytes;
    const buffer = TypedArrayPrototypeGetBuffer(bytes);
    if (length === ArrayBufferPrototypeGetByteLength(buffer)) return buffer;
    const copy = new Uint8Array(new ArrayBuffer(length));
    for (let i = 0; i < length; i++) copy[i] = bytes[i];
    return TypedArrayPrototypeGetBuffer(copy);
};

// ---- pair iterators

// keys(), values(), entries(), forEach() and iteration over a list of pairs
// that may change meanwhile: `pairs(object)` is asked again at every step.
export function asPairs(Class, name, pairs) {
    class Return {
        constructor(object) {
            return object;
        }
    }
    class PairIterator extends Return {
        #of;
        #kind;
        #at = 0;
        static make(of, kind) {
            const made = new PairIterator({ __proto__: IteratorOfClass });
            made.#of = of;
            made.#kind = kind;
            return made;
        }
        static next(iterator) {
            if (!isObject(iterator) || !(#kind in iterator)) illegal('next', `${name} Iterator`);
            const list = pairs(iterator.#of);
            if (iterator.#at >= list.length) return { value: undefined, done: true };
            const pair = list[iterator.#at++];
            const kind = iterator.#kind;
            return { value: kind === 2 ? [pair[0], pair[1]] : pair[kind], done: false };
        }
        static is(object) {
            return #kind in object;
        }
        static rest(iterator) {
            const list = pairs(iterator.#of);
            const out = [];
            for (let i = iterator.#at; i < list.length; i++) {
                const kind = iterator.#kind;
                append(out, kind === 2 ? [list[i][0], list[i][1]] : list[i][kind]);
            }
            return out;
        }
    }
    const IteratorOfClass = ObjectSetPrototypeOf(
        {
            next() {
                return PairIterator.next(this);
            },
        },
        IteratorPrototype,
    );
    ObjectDefineProperty(IteratorOfClass, SymbolToStringTag, {
        __proto__: null,
        value: `${name} Iterator`,
        configurable: true,
    });
    brandPrototype(IteratorOfClass, 'iterator', PairIterator.is);
    showAs(IteratorOfClass, `${name} Iterator`, (iterator) => PairIterator.rest(iterator));
    const methods = {
        entries() {
            needs(Class, this, 'entries');
            return PairIterator.make(this, 2);
        },
        keys() {
            needs(Class, this, 'keys');
            return PairIterator.make(this, 0);
        },
        values() {
            needs(Class, this, 'values');
            return PairIterator.make(this, 1);
        },
        forEach(callback, thisArg = undefined) {
            needs(Class, this, 'forEach');
            if (typeof callback !== 'function') throw new TypeError(`${name}.forEach: the callback is not a function`);
            for (let i = 0; i < pairs(this).length; i++) {
                const pair = pairs(this)[i];
                ReflectApply(callback, thisArg, [pair[1], pair[0], this]);
            }
        },
    };
    for (const key of ReflectOwnKeys(methods)) {
        ObjectDefineProperty(Class.prototype, key, hidden(methods[key]));
    }
    ObjectDefineProperty(Class.prototype, SymbolIterator, hidden(methods.entries));
}

// The items of anything that can be iterated over, as an array; each is converted before the next is taken.
export function listOf(value, method = value[SymbolIterator], convert = (item) => item) {
    if (typeof method !== 'function') throw new TypeError('the value is not iterable');
    const iterator = FunctionPrototypeCall(method, value);
    if (!isObject(iterator)) throw new TypeError('the iterator is not an object');
    const { next } = iterator;
    const out = [];
    for (;;) {
        const step = FunctionPrototypeCall(next, iterator);
        if (!isObject(step)) throw new TypeError('an iterator gave no object');
        if (step.done) return out;
        append(out, convert(step.value));
    }
}

// sequence<sequence<T>> as pairs, or the own enumerable properties of a record.
export function pairsOf(value, what, convert) {
    const method = value[SymbolIterator];
    const out = [];
    if (method !== undefined && method !== null) {
        const noPair = () => new TypeError(`${what}: each pair must be an iterable [name, value]`);
        const rows = listOf(value, method, (row) => {
            if (!isObject(row)) throw noPair();
            return listOf(row, row[SymbolIterator], convert);
        });
        for (let i = 0; i < rows.length; i++) if (rows[i].length !== 2) throw noPair();
        return rows;
    }
    const keys = ReflectOwnKeys(value);
    const places = { __proto__: null }; // of names in `out`: two keys can become the same name
    for (let i = 0; i < keys.length; i++) {
        const found = ObjectGetOwnPropertyDescriptor(value, keys[i]);
        if (found === undefined || !found.enumerable) continue;
        const name = convert(keys[i]);
        const content = convert(value[keys[i]]);
        if (name in places) {
            out[places[name]][1] = content;
            continue;
        }
        places[name] = out.length;
        append(out, [name, content]);
    }
    return out;
}
