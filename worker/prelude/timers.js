// SPDX-License-Identifier: MIT
// timers.js - setTimeout and its family as WHATWG orders them: by due time,
// then in the order of creation. C++ waits and calls runTimer(); time never
// passes in here.

import {
    ArrayPrototypePop,
    Error,
    Map,
    MapPrototypeClear,
    MapPrototypeDelete,
    MapPrototypeGet,
    MapPrototypeGetSize,
    MapPrototypeSet,
    MathMax,
    ObjectSetPrototypeOf,
    RangeError,
    ReflectApply,
    TypeError,
} from './primordials.js';
import { native } from './natives.js';

// Pending timers by id, and the same ones in a binary heap, next to run first.
// Each knows its place in the heap, so clearing one takes O(log n) and keeps
// nothing behind. Without a prototype no setter can catch a write to the heap.
const timers = new Map();
const heap = ObjectSetPrototypeOf([], null);
let lastId = 0;
let lastTurn = 0;

const isBefore = (a, b) => a.due < b.due || (a.due === b.due && a.turn < b.turn);

function put(timer, at) {
    heap[at] = timer;
    timer.at = at;
}

function moveUp(timer, at) {
    while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!isBefore(timer, heap[parent])) break;
        put(heap[parent], at);
        at = parent;
    }
    put(timer, at);
}

function moveDown(timer, at) {
    for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
        if (!isBefore(heap[child], timer)) break;
        put(heap[child], at);
        at = child;
    }
    put(timer, at);
}

function insert(timer) {
    timer.due = native.now() + timer.delay;
    timer.turn = ++lastTurn;
    moveUp(timer, heap.length);
}

function remove(timer) {
    const last = ArrayPrototypePop(heap);
    if (last === timer) return;
    moveDown(last, timer.at);
    if (last.at === timer.at) moveUp(last, timer.at);
}

function add(name, handler, delay, args, repeat) {
    if (typeof handler === 'string') {
        throw new TypeError(`code from strings is not allowed: give ${name} a function`);
    }
    if (typeof handler !== 'function') throw new TypeError(`${name} needs a function as its first argument`);
    delay = MathMax(delay | 0, repeat ? 1 : 0); // an interval of 0 ms would block everything else
    const limit = native.maxTimers();
    if (limit > 0 && MapPrototypeGetSize(timers) >= limit) {
        throw new RangeError(`too many pending timers (limit ${limit})`);
    }
    const id = ++lastId;
    const timer = { __proto__: null, id, name, handler, args, delay, repeat, due: 0, turn: 0, at: 0, queued: true };
    timer.made = new Error(); // its stack is reported if the run is stopped while it waits for this timer
    MapPrototypeSet(timers, id, timer);
    insert(timer);
    return id;
}

// Queues a task of the platform, such as the delivery of a message. It runs like a timer without delay, but does not count
// as a timer of the agent and cannot be cleared. The task must not throw.
export function queueTask(run) {
    const task = {
        __proto__: null,
        id: 0,
        name: 'task',
        handler: run,
        args: [],
        delay: 0,
        repeat: false,
        due: 0,
        turn: 0,
    };
    task.made = new Error();
    insert(task);
}

function clear(id) {
    const timer = MapPrototypeGet(timers, id | 0);
    if (timer === undefined) return;
    MapPrototypeDelete(timers, timer.id);
    if (timer.queued) remove(timer); // otherwise its callback is running
}

export const functions = {
    setTimeout(handler, timeout = 0, ...args) {
        return add('setTimeout', handler, timeout, args, false);
    },
    clearTimeout(id = 0) {
        clear(id);
    },
    setInterval(handler, timeout = 0, ...args) {
        return add('setInterval', handler, timeout, args, true);
    },
    clearInterval(id = 0) {
        clear(id);
    },
    queueMicrotask(callback) {
        if (typeof callback !== 'function')
            throw new TypeError('queueMicrotask needs a function as its first argument');
        native.queueMicrotask(() => call(callback, undefined, [], 'queueMicrotask'));
    },
};

function call(callback, receiver, args, name) {
    try {
        ReflectApply(callback, receiver, args);
    } catch (error) {
        native.reportUncaught(error, `a ${name} callback`);
    }
}

// Milliseconds until a timer is due, 0 if one is due now, -1 if none pends.
export function nextTimer() {
    return heap.length === 0 ? -1 : MathMax(0, heap[0].due - native.now());
}

// The Error that was made together with the next timer.
export function nextTimerMade() {
    return heap.length === 0 ? undefined : heap[0].made;
}

// A pass is all calls up to the one that returns false. It runs what was due
// and existed when it began, so that timers that make new timers cannot keep
// the event loop from anything else.
let passTime = -1; // -1: no pass
let passTurn = 0;

// Run the next callback: true; or end the pass: false.
// `receiver` is the `this` of the callbacks.
export function runTimer(receiver) {
    if (passTime < 0) {
        passTime = native.now();
        passTurn = lastTurn;
    }
    const timer = heap[0];
    if (timer === undefined || timer.due > passTime || timer.turn > passTurn) {
        passTime = -1;
        return false;
    }
    remove(timer);
    timer.queued = false;
    if (!timer.repeat) MapPrototypeDelete(timers, timer.id);
    call(timer.handler, receiver, timer.args, timer.name);
    if (timer.repeat && MapPrototypeGet(timers, timer.id) === timer) {
        timer.queued = true;
        insert(timer);
    }
    return true;
}

// Forget all timers. Ids are not used again, so that an id from before a
// snapshot does not clear a timer made after it.
export function resetTimers() {
    MapPrototypeClear(timers);
    heap.length = 0;
    passTime = -1;
}

// After the warm-up: the first timer of an agent has the id 1.
export function startOver() {
    resetTimers();
    lastId = 0;
}
