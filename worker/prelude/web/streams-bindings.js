// SPDX-License-Identifier: MIT
// streams-bindings.js - the bindings that web-streams-polyfill uses in place of
// globals (see ../streams-patches.mjs). Its streams keep their state in
// properties whose names begin with "_"; here these become properties of an
// object that only this code can reach.

import { ObjectPrototypeHasOwnProperty, ObjectSetPrototypeOf } from '../primordials.js';
import { functions } from '../timers.js';

class Return {
    constructor(object) {
        return object;
    }
}

class Slots {}
ObjectSetPrototypeOf(Slots.prototype, null);

let of;
let has;
let hasSlots;

class Hidden extends Return {
    #slots = new Slots();

    static {
        of = (object) => {
            if (!(#slots in object)) new Hidden(object);
            return object.#slots;
        };
        hasSlots = (object) => #slots in object;
        has = (object, name) => #slots in object && ObjectPrototypeHasOwnProperty(object.#slots, name);
    }
}

export const hidden = of;
export const hasHidden = has;
export const isHidden = hasSlots;
export const { queueMicrotask } = functions;
export const { Math, Symbol } = globalThis;
export {
    Array,
    ArrayBuffer,
    Boolean,
    DataView,
    Error,
    Function,
    Number,
    Object,
    Promise,
    RangeError,
    String,
    TypeError,
    Uint8Array,
} from '../primordials.js';
export { AbortController } from './abort.js';
export { DOMException } from './dom-exception.js';
