// SPDX-License-Identifier: MIT
// events.js - Event, CustomEvent and EventTarget of https://dom.spec.whatwg.org/,
// without a tree: an event has one target and no path.

import {
    FunctionPrototypeCall,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    TypeError,
} from '../primordials.js';
import { append, copyList, removeAt } from '../list.js';
import { native } from '../natives.js';
import { DOMException } from './dom-exception.js';
import { illegal, needs } from './brand.js';
import { asInterface, constants, dictionary, isObject, need } from './webidl.js';

let deliver; // (event, target, listeners) => void
let cancel; // as preventDefault() does
let trusting; // holds the getter of isTrusted

export class Event {
    #type;
    #bubbles;
    #cancelable;
    #composed;
    #timeStamp = native.performanceNow();
    #target = null;
    #currentTarget = null;
    #phase = 0;
    #dispatching = false;
    #stopped = false; // stopPropagation()
    #stoppedNow = false; // stopImmediatePropagation()
    #canceled = false;
    #passive = false;
    #initialized = true;
    #trusted = false;

    constructor(type, eventInitDict = undefined) {
        need(arguments, 1, 'Event');
        const init = dictionary(eventInitDict, 'the second argument of Event');
        this.#type = `${type}`;
        this.#bubbles = !!init.bubbles;
        this.#cancelable = !!init.cancelable;
        this.#composed = !!init.composed;
        ObjectDefineProperty(this, 'isTrusted', isTrusted);
    }

    get type() {
        return this.#type;
    }
    get target() {
        return this.#target;
    }
    get srcElement() {
        return this.#target;
    }
    get currentTarget() {
        return this.#currentTarget;
    }
    composedPath() {
        return this.#currentTarget === null ? [] : [this.#currentTarget];
    }
    get eventPhase() {
        return this.#phase;
    }
    stopPropagation() {
        this.#stopped = true;
    }
    get cancelBubble() {
        return this.#stopped;
    }
    set cancelBubble(value) {
        if (value) this.#stopped = true;
    }
    stopImmediatePropagation() {
        this.#stopped = true;
        this.#stoppedNow = true;
    }
    get bubbles() {
        return this.#bubbles;
    }
    get cancelable() {
        return this.#cancelable;
    }
    get returnValue() {
        return !this.#canceled;
    }
    set returnValue(value) {
        if (!value) this.preventDefault();
    }
    preventDefault() {
        cancel(this);
    }
    get defaultPrevented() {
        return this.#canceled;
    }
    get composed() {
        return this.#composed;
    }
    get timeStamp() {
        return this.#timeStamp;
    }
    initEvent(type, bubbles = false, cancelable = false) {
        need(arguments, 1, 'initEvent');
        if (this.#dispatching) return;
        this.#initialized = true;
        this.#stopped = this.#stoppedNow = this.#canceled = this.#trusted = false;
        this.#target = null;
        this.#type = `${type}`;
        this.#bubbles = !!bubbles;
        this.#cancelable = !!cancelable;
    }

    static {
        trusting = {
            get isTrusted() {
                if (!isObject(this) || !(#type in this)) illegal('isTrusted', 'Event');
                return this.#trusted;
            },
        };
        cancel = (event) => {
            if (event.#cancelable && !event.#passive) event.#canceled = true;
        };
        // True unless a listener called preventDefault().
        deliver = (event, target, entries, trusted) => {
            if (!(#type in event)) throw new TypeError('dispatchEvent needs an Event as its argument');
            if (event.#dispatching || !event.#initialized) {
                throw new DOMException('The event is already being dispatched', 'InvalidStateError');
            }
            event.#trusted = trusted;
            event.#dispatching = true;
            event.#target = event.#currentTarget = target;
            event.#phase = 2;
            const current = event.#stopped ? [] : copyList(entries);
            for (let capture = 1; capture >= 0; capture--) {
                if (capture === 0 && event.#stopped) break;
                for (let i = 0; i < current.length && !event.#stoppedNow; i++) {
                    const entry = current[i];
                    if (entry.removed || entry.type !== event.#type || entry.capture !== !!capture) continue;
                    if (entry.once) drop(entries, entry);
                    event.#passive = entry.passive;
                    call(entry.callback, target, event);
                    event.#passive = false;
                }
            }
            event.#dispatching = event.#stopped = event.#stoppedNow = false;
            event.#currentTarget = null;
            event.#phase = 0;
            return !event.#canceled;
        };
    }
}

const isTrusted = {
    __proto__: null,
    get: ObjectGetOwnPropertyDescriptor(trusting, 'isTrusted').get,
    set: undefined,
    enumerable: true,
    configurable: false,
};

export const shownEvent = (event) => ({
    type: event.type,
    defaultPrevented: event.defaultPrevented,
    cancelable: event.cancelable,
    timeStamp: event.timeStamp,
});
asInterface(Event, 'Event', shownEvent);
constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });

export class CustomEvent extends Event {
    #detail;

    constructor(type, eventInitDict = undefined) {
        need(arguments, 1, 'CustomEvent');
        super(type, eventInitDict);
        const { detail } = dictionary(eventInitDict, 'the second argument of CustomEvent');
        this.#detail = detail === undefined ? null : detail;
    }
    get detail() {
        return this.#detail;
    }
    initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
        need(arguments, 1, 'initCustomEvent');
        this.initEvent(type, bubbles, cancelable);
        this.#detail = detail;
    }
}
asInterface(CustomEvent, 'CustomEvent', (event) => ({ ...shownEvent(event), detail: event.detail }));

function call(callback, target, event) {
    try {
        if (typeof callback === 'function') {
            FunctionPrototypeCall(callback, target, event);
            return;
        }
        const { handleEvent } = callback;
        if (typeof handleEvent !== 'function') throw new TypeError('handleEvent is not a function');
        FunctionPrototypeCall(handleEvent, callback, event);
    } catch (error) {
        native.reportUncaught(error, 'an event listener');
    }
}

function drop(entries, entry) {
    entry.removed = true;
    for (let i = 0; i < entries.length; i++) {
        if (entries[i] === entry) {
            removeAt(entries, i);
            return;
        }
    }
}

const captureOf = (options) => (isObject(options) ? !!options.capture : !!options);

let whenAborted; // set by abort.js, which is evaluated after this file
export function setWhenAborted(given) {
    whenAborted = given;
}

let fire;

export class EventTarget {
    #entries = [];

    constructor() {}

    addEventListener(type, callback, options = undefined) {
        need(arguments, 2, 'addEventListener');
        type = `${type}`;
        const capture = captureOf(options);
        const given = isObject(options) ? options : { __proto__: null };
        const once = !!given.once;
        const passive = !!given.passive;
        const { signal } = given;
        if (signal !== undefined && !whenAborted(signal)) return; // aborted already
        if (callback === null || callback === undefined) return;
        if (!isObject(callback)) throw new TypeError('addEventListener: the listener is not an object');
        const entries = this.#entries;
        for (let i = 0; i < entries.length; i++) {
            const other = entries[i];
            if (other.type === type && other.callback === callback && other.capture === capture) return;
        }
        const entry = { __proto__: null, type, callback, capture, once, passive, removed: false };
        append(entries, entry);
        if (signal !== undefined) whenAborted(signal, () => drop(entries, entry));
    }

    removeEventListener(type, callback, options = undefined) {
        need(arguments, 2, 'removeEventListener');
        type = `${type}`;
        const capture = captureOf(options);
        const entries = this.#entries;
        for (let i = 0; i < entries.length; i++) {
            const entry = entries[i];
            if (entry.type === type && entry.callback === callback && entry.capture === capture) {
                drop(entries, entry);
                return;
            }
        }
    }

    dispatchEvent(event) {
        need(arguments, 1, 'dispatchEvent');
        if (!isObject(event)) throw new TypeError('dispatchEvent needs an Event as its argument');
        return deliver(event, this, this.#entries, false);
    }

    static {
        fire = (target, event) => deliver(event, target, target.#entries, true);
    }
}
asInterface(EventTarget, 'EventTarget', () => ({}));

// An event that the platform sends; send() makes one of that type.
export const sendEvent = (target, event) => fire(target, event);
export const send = (target, type) => sendEvent(target, new Event(type));

// An event handler attribute, on<type>: one listener whose callback changes. `whenSet` is told of each that is set.
export function handlerAttribute(Class, type, stateOf, whenSet = undefined) {
    ObjectDefineProperty(Class.prototype, `on${type}`, {
        __proto__: null,
        get() {
            needs(Class, this, `on${type}`);
            return stateOf(this).handler;
        },
        set(value) {
            needs(Class, this, `on${type}`);
            const state = stateOf(this);
            const first = state.handler === null && state.listening !== true;
            state.handler = isObject(value) ? value : null;
            if (whenSet !== undefined) whenSet(this);
            if (!first || state.handler === null) return;
            state.listening = true;
            FunctionPrototypeCall(addListener, this, type, (event) => {
                if (typeof state.handler !== 'function') return;
                if (FunctionPrototypeCall(state.handler, this, event) === false) cancel(event);
            });
        },
        enumerable: true,
        configurable: true,
    });
}
const addListener = EventTarget.prototype.addEventListener;
