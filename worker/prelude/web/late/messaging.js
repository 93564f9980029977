// SPDX-License-Identifier: MIT
// messaging.js - MessageChannel, MessagePort and MessageEvent of https://html.spec.whatwg.org/multipage/web-messaging.html.
// Both ports are in this realm. An open port does not keep a run from ending, only a message that is being delivered does.

import { ArrayIsArray, ObjectFreeze, TypeError } from '../../primordials.js';
import { queueTask } from '../../timers.js';
import { cannotBeCloned, cloneMessage, setPorts } from '../clone.js';
import { DOMException } from '../dom-exception.js';
import { Event, EventTarget, handlerAttribute, send, sendEvent, shownEvent } from '../events.js';
import { asInterface, dictionary, isObject, listOf, need, toUSV } from '../webidl.js';

const key = { __proto__: null };
let isPort;
let stateOf;
let setState;
let fill; // (event, data, ports): sets the data of a message event

function sourceFrom(value) {
    if (value === null || value === undefined) return null;
    if (!isPort(value)) throw new TypeError('MessageEvent: the source is no MessagePort');
    return value;
}

function portsFrom(value) {
    if (value === undefined) return ObjectFreeze([]);
    if (!isObject(value)) throw new TypeError('MessageEvent: ports is not iterable');
    const list = listOf(value);
    for (let i = 0; i < list.length; i++) {
        if (!isPort(list[i])) throw new TypeError('MessageEvent: ports holds a value that is no MessagePort');
    }
    return ObjectFreeze(list);
}

export class MessageEvent extends Event {
    #data;
    #origin;
    #lastEventId;
    #source;
    #ports;

    constructor(type, eventInitDict = undefined) {
        need(arguments, 1, 'MessageEvent');
        super(type, eventInitDict);
        const init = dictionary(eventInitDict, 'the second argument of MessageEvent');
        const { data, lastEventId, origin, ports, source } = init;
        this.#data = data === undefined ? null : data;
        this.#lastEventId = lastEventId === undefined ? '' : `${lastEventId}`;
        this.#origin = origin === undefined ? '' : toUSV(origin);
        this.#ports = portsFrom(ports);
        this.#source = sourceFrom(source);
    }
    get data() {
        return this.#data;
    }
    get origin() {
        return this.#origin;
    }
    get lastEventId() {
        return this.#lastEventId;
    }
    get source() {
        return this.#source;
    }
    get ports() {
        return this.#ports;
    }
    initMessageEvent(
        type,
        bubbles = false,
        cancelable = false,
        data = null,
        origin = '',
        lastEventId = '',
        source = null,
        ports = undefined,
    ) {
        need(arguments, 1, 'initMessageEvent');
        const list = portsFrom(ports);
        const from = sourceFrom(source);
        this.initEvent(type, bubbles, cancelable);
        this.#data = data;
        this.#origin = toUSV(origin);
        this.#lastEventId = `${lastEventId}`;
        this.#source = from;
        this.#ports = list;
    }

    static {
        fill = (event, data, ports) => {
            event.#data = data;
            event.#ports = ObjectFreeze(ports);
            return event;
        };
    }
}
asInterface(MessageEvent, 'MessageEvent', (event) => ({
    ...shownEvent(event),
    data: event.data,
    origin: event.origin,
    ports: event.ports,
}));

// The state of a port, which moves to another port when this one is transferred. `first` and `last` are the ends of the
// linked list of waiting messages.
const newState = () => ({
    __proto__: null,
    port: null,
    other: null,
    started: false,
    gone: false, // closed, or transferred away
    first: null,
    last: null,
    message: { __proto__: null, handler: null, listening: false },
    messageerror: { __proto__: null, handler: null, listening: false },
    close: { __proto__: null, handler: null, listening: false },
});

function deliver(state) {
    const message = state.first;
    if (message === null || !state.started || state.gone) return;
    state.first = message.next;
    if (state.first === null) state.last = null;
    sendEvent(state.port, fill(new MessageEvent('message'), message.value, message.ports));
}

function start(state) {
    if (state.started || state.gone) return;
    state.started = true;
    for (let at = state.first; at !== null; at = at.next) queueTask(() => deliver(state));
}

function put(state, { value, ports }) {
    const message = { __proto__: null, value, ports, next: null };
    if (state.last === null) state.first = message;
    else state.last.next = message;
    state.last = message;
    if (state.started) queueTask(() => deliver(state));
}

function close(state) {
    const { other } = state;
    state.gone = true;
    state.other = state.first = state.last = null;
    if (other === null) return;
    other.other = null;
    queueTask(() => send(other.port, 'close'));
}

// The second argument of postMessage: a list, or { transfer }.
function transferFrom(given) {
    if (given === undefined || given === null) return [];
    if (!isObject(given)) throw new TypeError('postMessage: the second argument is not an object');
    if (ArrayIsArray(given)) return listOf(given);
    const { transfer } = given;
    return transfer === undefined ? [] : listOf(transfer);
}

export class MessagePort extends EventTarget {
    #state;

    constructor(token = undefined) {
        if (token !== key) throw new TypeError('Illegal constructor: use MessageChannel');
        super();
    }
    postMessage(message, options = undefined) {
        need(arguments, 1, 'postMessage');
        const list = transferFrom(options);
        const state = this.#state;
        const { other } = state;
        let lost = other === null; // also when the message would transfer its own receiver
        for (let i = 0; i < list.length; i++) {
            if (list[i] === this) throw new DOMException('Transfer list contains source port', 'DataCloneError');
            if (other !== null && list[i] === other.port) lost = true;
        }
        const copy = cloneMessage(message, list);
        if (!lost) put(other, copy);
    }
    start() {
        start(this.#state);
    }
    close() {
        close(this.#state);
    }

    static {
        isPort = (value) => isObject(value) && #state in value;
        stateOf = (port) => port.#state;
        setState = (port, state) => {
            port.#state = state;
            state.port = port;
            return port;
        };
    }
}

// The setter of onmessage starts the port, as the standard says.
handlerAttribute(
    MessagePort,
    'message',
    (port) => stateOf(port).message,
    (port) => start(stateOf(port)),
);
handlerAttribute(MessagePort, 'messageerror', (port) => stateOf(port).messageerror);
handlerAttribute(MessagePort, 'close', (port) => stateOf(port).close);
asInterface(MessagePort, 'MessagePort', () => ({}));

const newPort = () => setState(new MessagePort(key), newState());

setPorts({
    __proto__: null,
    isPort,
    reserve(port) {
        if (stateOf(port).gone)
            throw new DOMException('MessagePort in transfer list is already detached', 'DataCloneError');
        return newPort();
    },
    // Moves waiting messages and the link to the other port; handlers are not moved.
    move(port, to) {
        const from = stateOf(port);
        const state = stateOf(to);
        state.first = from.first;
        state.last = from.last;
        state.other = from.other;
        if (state.other !== null) state.other.other = state;
        from.gone = true;
        from.other = from.first = from.last = null;
    },
});

export class MessageChannel {
    #port1 = newPort();
    #port2 = newPort();

    constructor() {
        stateOf(this.#port1).other = stateOf(this.#port2);
        stateOf(this.#port2).other = stateOf(this.#port1);
    }
    get port1() {
        return this.#port1;
    }
    get port2() {
        return this.#port2;
    }
}
asInterface(MessageChannel, 'MessageChannel', (channel) => ({ port1: channel.port1, port2: channel.port2 }));

cannotBeCloned(MessageEvent, MessagePort, MessageChannel);
