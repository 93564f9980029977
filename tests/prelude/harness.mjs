// SPDX-License-Identifier: MIT
// harness.mjs - the bundled prelude in a bare context of node:vm, with the
// functions of C++ played by Node, and the few words a test needs to speak TAP.
//
//   node tests/prelude/t-console.mjs BUNDLE.js        (or PRELUDE=BUNDLE.js)

import { readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import util from 'node:util';
import vm from 'node:vm';
import { required } from '../../worker/prelude/natives.js';

const bundle = process.argv[2] ?? process.env.PRELUDE;
if (bundle === undefined) {
    console.error(`usage: node ${process.argv[1]} BUNDLE.js`);
    process.exit(2);
}
const script = new vm.Script(readFileSync(bundle, 'utf8'), { filename: 'iso4:prelude' });

// ---- TAP

let run = 0;
let failed = 0;

export function ok(pass, name, notes = []) {
    failed += pass ? 0 : 1;
    console.log(`${pass ? '' : 'not '}ok ${++run} - ${name.replace(/[\n#]/g, ' ')}`);
    if (!pass) for (const note of notes) console.log(`# ${note.replaceAll('\n', '\n#   ')}`);
    return pass;
}

export const is = (got, want, name) =>
    ok(Object.is(got, want), name, [
        `got  ${typeof got === 'string' ? got : util.inspect(got)}`,
        `want ${typeof want === 'string' ? want : util.inspect(want)}`,
    ]);

export const isDeeply = (got, want, name) =>
    ok(util.isDeepStrictEqual(got, want), name, [
        `got  ${util.inspect(got, { depth: 5 })}`,
        `want ${util.inspect(want, { depth: 5 })}`,
    ]);

export function skip(name, why) {
    console.log(`ok ${++run} - ${name} # SKIP ${why}`);
}

export function done() {
    console.log(`1..${run}`);
    process.exitCode = failed === 0 ? 0 : 1;
}

// ---- what C++ answers about values; here the debugger does

const session = new inspector.Session();
session.connect();

function post(method, params) {
    let answer;
    session.post(method, params, (error, result) => {
        // called before post() returns
        if (error) throw new Error(`${method}: ${error.message}`);
        answer = result;
    });
    return answer;
}

// The values behind RemoteObjects: a function called on one hands it over.
function valueOf(remote) {
    if (remote.objectId === undefined) {
        if (remote.unserializableValue === undefined) return remote.type === 'undefined' ? undefined : remote.value;
        return (0, eval)(remote.unserializableValue);
    }
    post('Runtime.callFunctionOn', {
        objectId: remote.objectId,
        functionDeclaration: 'function () { "use strict"; globalThis.__handed = this; }',
    });
    return globalThis.__handed;
}

function internalSlots(value) {
    globalThis.__asked = value;
    const { result } = post('Runtime.evaluate', { expression: 'globalThis.__asked', objectGroup: 'test' });
    const { internalProperties = [] } = post('Runtime.getProperties', {
        objectId: result.objectId,
        ownProperties: true,
    });
    return Object.fromEntries(internalProperties.map(({ name, value: remote }) => [name, remote]));
}

const handed = (remote) => (remote === undefined || remote.subtype === 'null' ? null : valueOf(remote));

export function proxyTarget(value) {
    if (!util.types.isProxy(value)) return undefined;
    const slots = internalSlots(value);
    return [handed(slots['[[Target]]']), handed(slots['[[Handler]]'])];
}

export function promiseState(value) {
    if (!util.types.isPromise(value)) return undefined;
    const slots = internalSlots(value);
    const state = ['pending', 'fulfilled', 'rejected'].indexOf(slots['[[PromiseState]]'].value);
    return state === 0 ? [0] : [state, valueOf(slots['[[PromiseResult]]'])];
}

// A debugger's list of entries: {key?, value} each.
export function previewEntries(value) {
    if (!util.types.isMapIterator(value) && !util.types.isSetIterator(value)) return undefined;
    const entries = valueOf(internalSlots(value)['[[Entries]]']);
    const isKeyed = / Entries\]/.test(util.inspect(value));
    const list = [];
    for (let i = 0; i < entries.length; i++) {
        // it has no prototype
        const { value: last, key = last } = entries[i]; // a Set's entries have no key
        if (isKeyed) list.push(key);
        list.push(last);
    }
    return [list, isKeyed];
}

const kinds =
    'Proxy Map Set NativeError Promise Date RegExp TypedArray ArrayBuffer DataView MapIterator SetIterator WeakMap WeakSet ' +
    'NumberObject StringObject BooleanObject BigIntObject SymbolObject ArgumentsObject ModuleNamespaceObject';

// The words of worker/kind.cc.
export function kindOf(value) {
    const { types } = util;
    if (types.isGeneratorFunction(value))
        return types.isAsyncFunction(value) ? 'AsyncGeneratorFunction' : 'GeneratorFunction';
    if (types.isAsyncFunction(value)) return 'AsyncFunction';
    const kind = kinds.split(' ').find((name) => types[`is${name}`](value)) ?? '';
    return kind === 'Proxy' ? '' : kind.replace(/^Native|(Namespace)?Object$/g, '');
}

// The name that Node.js shows of an object without a prototype.
export function className(value) {
    return /^\[([\w ]+)(?:\(\d+\))?: null prototype/.exec(util.inspect(value))?.[1] ?? 'Object';
}

// ---- a world

const lateGlobals = 'Temporal WebAssembly SharedArrayBuffer DisposableStack AsyncDisposableStack SuppressedError'.split(
    ' ',
);

// Globals that the host declares and the web platform are tested in the worker itself; here they only have to load.
const notHere = () => {
    throw new Error('this native function is not played here');
};
const others = Object.fromEntries(required.map((name) => [name, notHere]));
others.makingSnapshot = () => false;
others.defineLazily = () => {};

// A fresh context with the prelude in it. `given` overrides native functions.
//   entries   [stream, text] of each native.emit
//   uncaught  [error, where] of each native.reportUncaught
//   clock.ms  what native.now() says
export function world(given = {}) {
    const context = vm.createContext({}, { codeGeneration: { strings: true } });
    for (const name of lateGlobals) vm.runInContext(`delete globalThis.${name}`, context);
    vm.runInContext(
        'delete Promise.try; delete RegExp.escape; delete Error.isError; delete Uint8Array.fromBase64;' +
            'delete Error.stackTraceLimit',
        context,
    );
    const entries = [];
    const uncaught = [];
    const clock = { ms: 0 };
    const native = {
        ...others,
        emit: (stream, text) => entries.push([stream, text]),
        now: () => clock.ms,
        maxTimers: () => 0,
        queueMicrotask: (callback) => queueMicrotask(callback),
        reportUncaught: (error, where) => uncaught.push([error, where]),
        proxyTarget,
        promiseState,
        previewEntries,
        isRuntime: () => false,
        kindOf,
        className,
        ...given,
    };
    const internals = script.runInContext(context)(native, vm.runInContext('globalThis', context));
    vm.runInContext('Error.stackTraceLimit = 10', context);
    const evaluate = (code, filename = 'agent.js') => vm.runInContext(code, context, { filename });
    return { context, entries, uncaught, clock, internals, evaluate };
}

// The entries that `code` makes in a world of its own.
export function entriesOf(code, given) {
    const it = world(given);
    it.evaluate(code);
    return it.entries;
}

// The text of its one entry on stdout.
export function printed(code, given) {
    const entries = entriesOf(code, given);
    return entries.length === 1 && entries[0][0] === 0
        ? entries[0][1]
        : `(not one entry on stdout: ${util.inspect(entries)})`;
}
