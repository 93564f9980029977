// SPDX-License-Identifier: MIT
// store.js - the global `store` of a run that was given one: values by name, for later runs.
//
// The store keeps each value as JSON text, encoded like exports: get() returns a copy, and changes of an object after
// set() have no effect. The caller gets the changes only if the run succeeds. host/result/store.h counts sizes in the
// same way.

import { native } from './natives.js';
import {
    ArrayPrototypePush,
    JSONParse,
    JSONStringify,
    Map,
    MapPrototypeDelete,
    MapPrototypeForEach,
    MapPrototypeGet,
    MapPrototypeGetSize,
    MapPrototypeHas,
    MapPrototypeSet,
    ObjectDefineProperty,
    RangeError,
    ReflectHas,
    TypeError,
} from './primordials.js';
import { revive } from './revive.js';

const texts = new Map();
const given = new Map(); // the keys that the store has at the beginning
const written = new Map(); // the text of each key that was set, or undefined for a key that was deleted
let most;
let used = 0;

const cost = (key, text) => JSONStringify(key).length + text.length;

function need(method, key) {
    if (typeof key !== 'string') throw new TypeError(`store.${method} takes a string as key`);
}

function put(key, text) {
    const before = MapPrototypeGet(texts, key);
    const after = used + cost(key, text) - (before === undefined ? 0 : cost(key, before));
    if (after > most.together)
        throw new RangeError(`store.set: the store would take more than ${most.together} characters: delete something`);
    if (before === undefined && MapPrototypeGetSize(texts) >= most.keys)
        throw new RangeError(`store.set: the store would have more than ${most.keys} keys: delete some`);
    MapPrototypeSet(texts, key, text);
    used = after;
}

const methods = {
    get(key) {
        need('get', key);
        const text = MapPrototypeGet(texts, key);
        return text === undefined ? undefined : revive(JSONParse(text));
    },
    set(key, value) {
        need('set', key);
        if (value === undefined) throw new TypeError('store.set: undefined cannot be kept: use store.delete');
        const text = native.textOf(value);
        if (text.length > most.value)
            throw new RangeError(`store.set: the value takes more than ${most.value} characters`);
        put(key, text);
        MapPrototypeSet(written, key, text);
    },
    delete(key) {
        need('delete', key);
        const text = MapPrototypeGet(texts, key);
        if (text === undefined) return false;
        used -= cost(key, text);
        MapPrototypeDelete(texts, key);
        if (MapPrototypeHas(given, key)) MapPrototypeSet(written, key, undefined);
        else MapPrototypeDelete(written, key);
        return true;
    },
    keys() {
        const keys = [];
        MapPrototypeForEach(texts, (text, key) => ArrayPrototypePush(keys, key));
        return keys;
    },
};

// Makes the global `store`. `list`: each key, followed by its text. `limits`: {value, together, keys}.
// False: there is already a global with this name.
export function openStore(global, list, limits) {
    if (ReflectHas(global, 'store')) return false;
    most = limits;
    for (let i = 0; i < list.length; i += 2) {
        put(list[i], list[i + 1]);
        MapPrototypeSet(given, list[i], true);
    }
    ObjectDefineProperty(global, 'store', {
        __proto__: null,
        value: methods,
        writable: true,
        enumerable: false,
        configurable: true,
    });
    return true;
}

// The changes of the run to its store, as JSON.
export function storeWrites() {
    let set = '';
    let deleted = '';
    MapPrototypeForEach(written, (text, key) => {
        const name = JSONStringify(key);
        if (text === undefined) deleted += (deleted === '' ? '' : ',') + name;
        else set += `${set === '' ? '' : ','}${name}:${text}`;
    });
    return `{"set":{${set}},"delete":[${deleted}]}`;
}
