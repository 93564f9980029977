// SPDX-License-Identifier: MIT
// list.js - functions for the prelude's arrays that do not use species, iteration
// or setters, which agent code may have changed in Array.prototype.

import { ObjectDefineProperty } from './primordials.js';

export function append(list, value) {
    const at = list.length;
    if (!(at in list)) {
        // no setter either
        list[at] = value;
        return;
    }
    ObjectDefineProperty(list, at, {
        __proto__: null,
        value,
        writable: true,
        enumerable: true,
        configurable: true,
    });
}

export function copyList(list) {
    const out = [];
    for (let i = 0; i < list.length; i++) append(out, list[i]);
    return out;
}

export function removeAt(list, index) {
    for (let i = index; i + 1 < list.length; i++) list[i] = list[i + 1];
    list.length--;
}
