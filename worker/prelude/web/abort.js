// SPDX-License-Identifier: MIT
// abort.js - AbortController and AbortSignal.

import { ArrayPrototypeIncludes, MathMin, TypeError } from '../primordials.js';
import { append } from '../list.js';
import { functions as timers } from '../timers.js';
import { DOMException } from './dom-exception.js';
import { EventTarget, handlerAttribute, send, setWhenAborted } from './events.js';
import { asInterface, enforceRange, isObject, listOf, need } from './webidl.js';

const key = { __proto__: null };
const { setTimeout } = timers;
const MAX_DELAY = 2 ** 31 - 1;

export let abort; // (signal, reason)
export let isSignal;
export let whenAborted; // (signal, callback): false when it is aborted already
let stateOf;
let dependOn;

export class AbortSignal extends EventTarget {
    #aborted = false;
    #reason = undefined;
    #steps = [];
    #sources = null; // for a signal of any(): the signals that it follows, none of which is from any()
    #dependents = [];
    #state = { __proto__: null, handler: null, listening: false };

    constructor(token = undefined) {
        if (token !== key) throw new TypeError('Illegal constructor: use AbortController, or AbortSignal.timeout()');
        super();
    }

    get aborted() {
        return this.#aborted;
    }
    get reason() {
        return this.#reason;
    }
    throwIfAborted() {
        if (this.#aborted) throw this.#reason;
    }

    static abort(reason = undefined) {
        const signal = new AbortSignal(key);
        signal.#aborted = true;
        signal.#reason = reason === undefined ? abortError() : reason;
        return signal;
    }

    static timeout(milliseconds) {
        need(arguments, 1, 'AbortSignal.timeout');
        const delay = enforceRange(milliseconds, 2 ** 53 - 1, 'AbortSignal.timeout: the time');
        const signal = new AbortSignal(key);
        setTimeout(
            () => abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
            MathMin(delay, MAX_DELAY),
        );
        return signal;
    }

    static any(signals) {
        need(arguments, 1, 'AbortSignal.any');
        if (!isObject(signals)) throw new TypeError('AbortSignal.any needs an iterable of AbortSignals');
        const list = listOf(signals);
        for (let i = 0; i < list.length; i++) {
            if (!isSignal(list[i])) throw new TypeError('AbortSignal.any: not all of them are AbortSignals');
        }
        return dependOn(new AbortSignal(key), list);
    }

    static {
        isSignal = (value) => isObject(value) && #aborted in value;
        stateOf = (signal) => signal.#state;
        whenAborted = (signal, callback) => {
            if (!isSignal(signal)) throw new TypeError('the signal is not an AbortSignal');
            if (signal.#aborted) return false;
            if (callback !== undefined) append(signal.#steps, callback);
            return true;
        };
        const run = (signal) => {
            const steps = signal.#steps;
            signal.#steps = [];
            signal.#sources = null;
            for (let i = 0; i < steps.length; i++) steps[i]();
            send(signal, 'abort');
        };
        abort = (signal, reason) => {
            if (signal.#aborted) return;
            signal.#aborted = true;
            signal.#reason = reason === undefined ? abortError() : reason;
            const followers = [];
            const dependents = signal.#dependents;
            signal.#dependents = [];
            for (let i = 0; i < dependents.length; i++) {
                const dependent = dependents[i];
                if (dependent.#aborted) continue;
                dependent.#aborted = true;
                dependent.#reason = signal.#reason;
                append(followers, dependent);
            }
            run(signal);
            for (let i = 0; i < followers.length; i++) run(followers[i]);
        };
        const follow = (signal, source) => {
            if (ArrayPrototypeIncludes(signal.#sources, source)) return;
            append(signal.#sources, source);
            append(source.#dependents, signal);
        };
        dependOn = (signal, list) => {
            for (let i = 0; i < list.length; i++) {
                if (!list[i].#aborted) continue;
                signal.#aborted = true;
                signal.#reason = list[i].#reason;
                return signal;
            }
            signal.#sources = [];
            for (let i = 0; i < list.length; i++) {
                const sources = list[i].#sources;
                if (sources === null) follow(signal, list[i]);
                else for (let j = 0; j < sources.length; j++) follow(signal, sources[j]);
            }
            return signal;
        };
    }
}

const abortError = () => new DOMException('This operation was aborted', 'AbortError');

handlerAttribute(AbortSignal, 'abort', (signal) => stateOf(signal));
asInterface(AbortSignal, 'AbortSignal', (signal) =>
    signal.aborted ? { aborted: true, reason: signal.reason } : { aborted: signal.aborted },
);
setWhenAborted((signal, callback) => whenAborted(signal, callback));

// A new signal that follows others, for a Request.
export const following = (list) => dependOn(new AbortSignal(key), list);

export class AbortController {
    #signal = new AbortSignal(key);

    constructor() {}

    get signal() {
        return this.#signal;
    }
    abort(reason = undefined) {
        abort(this.#signal, reason);
    }
}
asInterface(AbortController, 'AbortController', (controller) => ({ signal: controller.signal }));
