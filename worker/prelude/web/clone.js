// SPDX-License-Identifier: MIT
// clone.js - structuredClone, also for messages. V8 clones objects of the language; of the web platform's objects Blob,
// File, CryptoKey and DOMException can be cloned, and a MessagePort can be transferred.

import { ObjectGetPrototypeOf, ObjectPrototype, TypeError } from '../primordials.js';
import { append } from '../list.js';
import { native, unwrapProxy } from '../natives.js';
import { cloneBlob, isBlob } from './blob.js';
import { DOMException, isDOMException } from './dom-exception.js';
import { dictionary, isObject, listOf, need } from './webidl.js';

const PLAIN = 0;
const CLONEABLE = 1;
const REFUSED = 2;

const refused = []; // the prototypes of classes whose objects cannot be cloned

export function cannotBeCloned(...classes) {
    for (let i = 0; i < classes.length; i++) append(refused, classes[i].prototype);
}

// Classes whose objects can be cloned: { is(object), clone(object) }. Classes that are made late add themselves.
const cloners = [{ __proto__: null, is: (object) => isBlob(object), clone: (object) => cloneBlob(object) }];
export function canBeCloned(is, clone) {
    append(cloners, { __proto__: null, is, clone });
}

function clonerOf(object) {
    for (let i = 0; i < cloners.length; i++) if (cloners[i].is(object)) return cloners[i];
    return undefined;
}

function kindOf(object) {
    const prototype = ObjectGetPrototypeOf(object);
    if (prototype === ObjectPrototype || prototype === null) return PLAIN;
    if (clonerOf(object) !== undefined) return CLONEABLE;
    for (let at = prototype; at !== null && unwrapProxy(at) === at; at = ObjectGetPrototypeOf(at)) {
        for (let i = 0; i < refused.length; i++) if (refused[i] === at) return REFUSED;
    }
    return PLAIN;
}

const fail = (message) => new DOMException(message, 'DataCloneError');

function cloneException(error) {
    const copy = new DOMException(error.message, error.name);
    const { stack } = error;
    if (typeof stack === 'string') copy.stack = stack;
    return copy;
}

const cloneObject = (object) => clonerOf(object).clone(object);

// Functions to transfer ports; late/messaging.js sets them when it is made. reserve(port) makes the port that will replace
// it, and throws for one that cannot be transferred; move(port, other) transfers it.
let ports = { __proto__: null, isPort: () => false, reserve: undefined, move: undefined };
export function setPorts(given) {
    ports = given;
}

// Divides a transfer list into buffers, which V8 transfers, and ports.
function sortTransfer(list) {
    const sorted = { __proto__: null, buffers: [], ports: [] };
    for (let i = 0; i < list.length; i++) {
        const item = list[i];
        if (!isObject(item)) throw new TypeError('transfer: the list holds a value that is no object');
        const isPort = ports.isPort(item);
        for (let j = 0; isPort && j < sorted.ports.length; j++) {
            if (sorted.ports[j].from === item) throw fail('Transfer list contains duplicate MessagePort');
        }
        if (isPort) append(sorted.ports, { __proto__: null, from: item, to: undefined });
        else append(sorted.buffers, item);
    }
    return sorted;
}

// { value, ports }: a copy of the value, and the ports of `list` as they arrive, in that order.
export function cloneMessage(value, list) {
    const { buffers, ports: moving } = sortTransfer(list);
    const found = (object) => {
        for (let i = 0; i < moving.length; i++) if (moving[i].from === object) return moving[i];
        return undefined;
    };
    for (let i = 0; i < moving.length; i++) moving[i].to = ports.reserve(moving[i].from);
    const kind = (object) => (found(object) === undefined ? kindOf(object) : CLONEABLE);
    const copy = (object) => found(object)?.to ?? cloneObject(object);
    let clone = value;
    if (!isObject(value)) {
        if (typeof value === 'symbol') throw fail('A symbol could not be cloned.');
        if (buffers.length > 0) native.structuredClone(0, buffers, kind, copy, fail);
    } else if (isDOMException(value)) {
        clone = cloneException(value);
    } else {
        clone = native.structuredClone(value, buffers, kind, copy, fail);
    }
    const arrived = [];
    for (let i = 0; i < moving.length; i++) {
        ports.move(moving[i].from, moving[i].to);
        append(arrived, moving[i].to);
    }
    return { __proto__: null, value: clone, ports: arrived };
}

export const { structuredClone } = {
    structuredClone(value, options = undefined) {
        need(arguments, 1, 'structuredClone');
        const { transfer } = dictionary(options, 'the second argument of structuredClone');
        return cloneMessage(value, transfer === undefined ? [] : listOf(transfer)).value;
    },
};
