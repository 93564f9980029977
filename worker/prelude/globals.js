// SPDX-License-Identifier: MIT
// globals.js - makes the globals that a host declares: once, while a snapshot is
// built or before an agent runs on the base snapshot; and replaces those that a
// run redefines. The data about each is in the heap, and so in the snapshot.
//
// An entry is {id, path, name, hidden?, shim?} and one of {value},
// {expression}, {members: [entry ...]}; without any of them it is a function,
// with {fetch} a fetch function.

import {
    ErrorPrototypes,
    ObjectDefineProperty,
    ObjectKeys,
    ObjectPrototypeHasOwnProperty,
    ObjectSetPrototypeOf,
    ReflectApply,
    ReflectDefineProperty,
    ReflectHas,
    TypeError,
} from './primordials.js';
import { makeFetch } from './fetch.js';
import { native } from './natives.js';
import { revive } from './revive.js';

// By id. Without a prototype, so that no setter of the agent sees writes.
const places = ObjectSetPrototypeOf([], null);
const shims = ObjectSetPrototypeOf([], null);
let anyShim = false;

const has = (object, key) => ObjectPrototypeHasOwnProperty(object, key);

// A property descriptor without a prototype.
const property = (value, enumerable) => ({
    __proto__: null,
    value,
    writable: true,
    enumerable,
    configurable: true,
});

// The part of a definition that is being made, for an error message.
let part = '';

function setShim(entry) {
    if (!has(entry, 'shim')) return;
    part = `the shim of '${entry.path}'`;
    const shim = native.evaluate(entry.shim, `shim of ${entry.path}`);
    if (typeof shim !== 'function') throw new TypeError('it is no function');
    shims[entry.id] = shim;
    anyShim = true;
}

function makeFunction(entry) {
    const stub = native.makeStub(entry.id);
    const made = has(entry, 'fetch') ? makeFetch(stub) : stub;
    ObjectDefineProperty(made, 'name', { __proto__: null, value: entry.name, configurable: true });
    setShim(entry);
    return made;
}

function make(entry) {
    part = `the ${has(entry, 'value') ? 'value' : 'expression'} of '${entry.path}'`;
    if (has(entry, 'value')) return revive(entry.value);
    if (has(entry, 'expression')) return native.evaluate(entry.expression, entry.path);
    if (!has(entry, 'members')) return makeFunction(entry);
    const object = {};
    installInto(object, entry.members);
    return object;
}

function installInto(holder, entries) {
    for (let i = 0; i < entries.length; i++) {
        const entry = entries[i];
        if (has(entry, 'module')) {
            exportsOf[entry.id] = { __proto__: null };
            installInto(exportsOf[entry.id], entry.members);
            continue;
        }
        const enumerable = !has(entry, 'hidden');
        places[entry.id] = { __proto__: null, holder, name: entry.name, path: entry.path, enumerable };
        ObjectDefineProperty(holder, entry.name, property(make(entry), enumerable));
    }
}

// The message for an error of the host's code, which may throw any value; reading the value may throw, too.
function wrong(error) {
    const text =
        typeof error === 'object' && error !== null && has(error, 'message')
            ? `${error.name}: ${error.message}`
            : `${error}`;
    return { __proto__: null, wrong: `${part} cannot be used: ${text}` };
}

function isReserved(global, name, absent) {
    for (let i = 0; i < absent.length; i++) if (absent[i] === name) return true;
    return ReflectHas(global, name);
}

// `absent`: names that are taken although the global object does not have them.
// Returns {path, reserved} of the first entry that cannot be made, or {wrong}, a sentence, when its own code or value is
// at fault.
export function install(global, entries, absent) {
    for (let i = 0; i < entries.length; i++) {
        const { name, path } = entries[i];
        if (!has(entries[i], 'module') && isReserved(global, name, absent))
            return { __proto__: null, path, reserved: true };
    }
    try {
        installInto(global, entries);
    } catch (error) {
        return wrong(error);
    }
    return undefined;
}

// Host modules: the exports of each by its id, and what the modules in the
// snapshot are called, in the order in which V8 keeps them.
const exportsOf = ObjectSetPrototypeOf([], null);
let kept = [];

export const moduleExports = (id) => exportsOf[id];
export const keptModules = () => kept;
export function keepModules(specifiers) {
    kept = specifiers;
}

function replaceAll(entries) {
    for (let i = 0; i < entries.length; i++) {
        const entry = entries[i];
        setShim(entry);
        if (!has(entry, 'value')) continue;
        const { holder, name, path, enumerable } = places[entry.id];
        part = `the value of '${path}'`;
        if (!ReflectDefineProperty(holder, name, property(revive(entry.value), enumerable))) {
            return { __proto__: null, path, reserved: false };
        }
    }
    return undefined;
}

// As install() does.
export function replace(entries) {
    try {
        return replaceAll(entries);
    } catch (error) {
        return wrong(error);
    }
}

export const pathOf = (id) => places[id]?.path;
export const hasShims = () => anyShim;

// The value with which a call's promise is resolved.
export function receive(id, value) {
    value = revive(value);
    const shim = shims[id];
    return shim === undefined ? value : ReflectApply(shim, undefined, [value]);
}

// Turns the Error that was made at the call into the one that the host
// describes: an instance of the builtin class of that name, with the host's
// properties. It keeps the stack of the call, which V8 makes at the first read.
export function describeError(error, details) {
    const name = has(details, 'name') && typeof details.name === 'string' ? details.name : 'Error';
    const keys = ObjectKeys(details);
    if (ErrorPrototypes[name] !== undefined) {
        ObjectSetPrototypeOf(error, ErrorPrototypes[name]);
    } else {
        ObjectDefineProperty(error, 'name', property(name, false));
    }
    const message = has(details, 'message') ? `${details.message}` : '';
    ObjectDefineProperty(error, 'message', property(message, false));
    for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        if (key === 'name' || key === 'message' || key === 'stack') continue;
        ObjectDefineProperty(error, key, property(revive(details[key]), true));
    }
}
