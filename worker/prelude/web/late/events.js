// SPDX-License-Identifier: MIT
// events.js - ErrorEvent and PromiseRejectionEvent of https://html.spec.whatwg.org/multipage/webappapis.html. iso4 itself
// sends none of them: globalThis is not an EventTarget.

import { TypeError } from '../../primordials.js';
import { cannotBeCloned } from '../clone.js';
import { Event, shownEvent } from '../events.js';
import { asInterface, dictionary, isObject, need, toUSV } from '../webidl.js';

export class ErrorEvent extends Event {
    #message;
    #filename;
    #lineno;
    #colno;
    #error;

    constructor(type, eventInitDict = undefined) {
        need(arguments, 1, 'ErrorEvent');
        super(type, eventInitDict);
        const init = dictionary(eventInitDict, 'the second argument of ErrorEvent');
        const { colno, error, filename, lineno, message } = init;
        this.#colno = colno === undefined ? 0 : colno >>> 0;
        this.#error = error;
        this.#filename = filename === undefined ? '' : toUSV(filename);
        this.#lineno = lineno === undefined ? 0 : lineno >>> 0;
        this.#message = message === undefined ? '' : `${message}`;
    }
    get message() {
        return this.#message;
    }
    get filename() {
        return this.#filename;
    }
    get lineno() {
        return this.#lineno;
    }
    get colno() {
        return this.#colno;
    }
    get error() {
        return this.#error;
    }
}
asInterface(ErrorEvent, 'ErrorEvent', (event) => ({
    ...shownEvent(event),
    message: event.message,
    filename: event.filename,
    lineno: event.lineno,
    colno: event.colno,
    error: event.error,
}));

export class PromiseRejectionEvent extends Event {
    #promise;
    #reason;

    constructor(type, eventInitDict) {
        need(arguments, 2, 'PromiseRejectionEvent');
        super(type, eventInitDict);
        const { promise, reason } = dictionary(eventInitDict, 'the second argument of PromiseRejectionEvent');
        if (!isObject(promise)) throw new TypeError('PromiseRejectionEvent: promise is missing, or not an object');
        this.#promise = promise;
        this.#reason = reason;
    }
    get promise() {
        return this.#promise;
    }
    get reason() {
        return this.#reason;
    }
}
asInterface(PromiseRejectionEvent, 'PromiseRejectionEvent', (event) => ({
    ...shownEvent(event),
    promise: event.promise,
    reason: event.reason,
}));

cannotBeCloned(ErrorEvent, PromiseRejectionEvent);
