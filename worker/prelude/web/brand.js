// SPDX-License-Identifier: MIT
// brand.js - finds the platform class of an object from its private fields, which agent code cannot fake: for values that
// leave the run, for structuredClone, and for methods that are called on other objects.

import {
    AsyncIteratorPrototype,
    IteratorPrototype,
    Map,
    MapPrototypeGet,
    MapPrototypeSet,
    ObjectGetOwnPropertyDescriptor,
    ObjectGetPrototypeOf,
    ObjectKeys,
    ObjectPrototype,
    RegExpPrototypeExec,
    TypeError,
} from '../primordials.js';

export const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

// By prototype: { name, is }.
const brands = new Map();

// Registers a class; is(object) must accept any object. The build adds a call to each class (../brands.mjs).
export function brand(Class, is) {
    MapPrototypeSet(brands, Class.prototype, { __proto__: null, name: '', is });
}

// The same for objects without a class.
export function brandPrototype(prototype, name, is) {
    MapPrototypeSet(brands, prototype, { __proto__: null, name, is });
}

export function nameBrand(Class, name) {
    const found = MapPrototypeGet(brands, Class.prototype);
    if (found === undefined) throw new TypeError(`${name} has no brand`);
    found.name = name;
}

const vowel = /^[AEIOU](?!RL)/i;
const withArticle = (text) => `${RegExpPrototypeExec(vowel, text) === null ? 'a' : 'an'} ${text}`;

export function illegal(member, name) {
    throw new TypeError(`Illegal invocation: ${member} needs ${withArticle(name)}`);
}

// The check for members that are not in a class.
export function needs(Class, object, member) {
    const found = MapPrototypeGet(brands, Class.prototype);
    if (!isObject(object) || !found.is(object)) illegal(member, found.name);
}

// The name of the platform's class that an object is of, '' for any other.
export function classOf(object) {
    for (let at = ObjectGetPrototypeOf(object); at !== null; at = ObjectGetPrototypeOf(at)) {
        if (at === ObjectPrototype) return '';
        const found = MapPrototypeGet(brands, at);
        if (found !== undefined && found.is(object)) return found.name;
    }
    return '';
}

// The name of an object that JSON cannot express, because its content is not in properties; '' for other objects. Objects
// with internal slots of V8 must be handled before.
export function withoutJSON(object) {
    const name = classOf(object);
    const isEmpty = ObjectKeys(object).length === 0;
    if (name === 'iterator' || name === 'async iterator') return `an ${name}`;
    if (name !== '' && (isEmpty || name !== 'EventTarget')) return withArticle(`${name} object`);
    for (let at = ObjectGetPrototypeOf(object); at !== null && at !== ObjectPrototype; at = ObjectGetPrototypeOf(at)) {
        const then = ObjectGetOwnPropertyDescriptor(at, 'then');
        if (then !== undefined && typeof then.value === 'function') return 'a thenable';
        if (isEmpty && at === IteratorPrototype) return 'an iterator';
        if (isEmpty && at === AsyncIteratorPrototype) return 'an async iterator';
    }
    return '';
}
