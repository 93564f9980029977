// SPDX-License-Identifier: MIT
// clone.js - structuredClone. V8 clones what the language has; of the web
// platform's objects Blob, File and DOMException can be cloned.

import { ObjectGetPrototypeOf, ObjectPrototype, TypeError } from '../primordials.js';
import { native, unwrapProxy } from '../natives.js';
import { cloneBlob, isBlob } from './blob.js';
import { DOMException, isDOMException } from './dom-exception.js';
import { dictionary, isObject, listOf, need } from './webidl.js';

const PLAIN = 0;
const CLONEABLE = 1;
const REFUSED = 2;

const refused = []; // the prototypes of classes whose objects cannot be cloned

export function cannotBeCloned(...classes) {
    for (let i = 0; i < classes.length; i++) refused[refused.length] = classes[i].prototype;
}

function kindOf(object) {
    const prototype = ObjectGetPrototypeOf(object);
    if (prototype === ObjectPrototype || prototype === null) return PLAIN;
    if (isBlob(object)) return CLONEABLE;
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

export const { structuredClone } = {
    structuredClone(value, options = undefined) {
        need(arguments, 1, 'structuredClone');
        const { transfer } = dictionary(options, 'the second argument of structuredClone');
        const list = transfer === undefined ? undefined : listOf(transfer);
        for (let i = 0; list !== undefined && i < list.length; i++) {
            if (!isObject(list[i])) throw new TypeError('structuredClone: transfer holds a value that is no object');
        }
        if (!isObject(value)) {
            if (typeof value === 'symbol') throw fail('A symbol could not be cloned.');
            if (list === undefined || list.length === 0) return value;
        } else if (isDOMException(value)) {
            return cloneException(value);
        }
        return native.structuredClone(value, list, kindOf, cloneBlob, fail);
    },
};
