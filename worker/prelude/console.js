// SPDX-License-Identifier: MIT
// console.js - the console of https://console.spec.whatwg.org/, with values
// rendered as Node does. One call that prints is one entry. It never throws,
// whatever its arguments are, and no entry is longer than MAX_ENTRY.

import {
    Map,
    MapPrototypeClear,
    MapPrototypeDelete,
    MapPrototypeGet,
    MapPrototypeHas,
    MapPrototypeSet,
    MathFloor,
    MathMax,
    MathMin,
    NumberPrototypeToFixed,
    ObjectDefineProperty,
    StringPrototypeIncludes,
    StringPrototypePadStart,
    SymbolToStringTag,
} from './primordials.js';
import { native, unwrapProxy } from './natives.js';
import { formatArgs, inspect } from 'node-inspect-extracted';
import { callerStack, clamp, indent, MAX_ENTRY, primitiveText } from './text.js';
import { tableText } from './table.js';
import { forgetLastValue } from './types.js';

const OUT = 0;
const ERR = 1;

const plainOptions = { __proto__: null };

const isPrimitive = (value) => value === null || (typeof value !== 'object' && typeof value !== 'function');

// The text of arguments that need no renderer: most entries are a string and a
// few numbers. undefined: the renderer is needed.
function plainText(args) {
    if (args.length > 1 && typeof args[0] === 'string' && StringPrototypeIncludes(args[0], '%')) return undefined;
    let out = '';
    for (let i = 0; i < args.length; i++) {
        if (!isPrimitive(args[i])) return undefined;
        if (out.length > MAX_ENTRY) continue;
        out += i === 0 ? primitiveText(args[i]) : ` ${primitiveText(args[i])}`;
    }
    return out;
}

// A short text for an error, which may be any value; reading it may throw.
function errorText(error) {
    try {
        if (isPrimitive(error)) return clamp(primitiveText(error), 500, '...');
        if (unwrapProxy(error) !== error) return 'a Proxy was thrown';
        const { name, message } = error;
        return clamp(`${isPrimitive(name) ? primitiveText(name) : 'Error'}: ${primitiveText(message)}`, 500, '...');
    } catch {
        return 'an error that cannot be described';
    }
}

// After a failure: each argument by itself, so that the good ones are shown.
function piecemeal(method, args, failure) {
    let out = '';
    let failed = false;
    for (let i = 0; i < args.length && out.length <= MAX_ENTRY; i++) {
        if (i > 0) out += ' ';
        try {
            out += isPrimitive(args[i]) ? primitiveText(args[i]) : inspect(args[i], plainOptions);
        } catch (error) {
            failed = true;
            out += `[console.${method} could not render its arguments: ${errorText(error)}]`;
        }
    }
    return failed ? out : `${out} [console.${method} could not render its arguments: ${errorText(failure)}]`;
}

function render(method, args) {
    const plain = plainText(args);
    if (plain !== undefined) return plain;
    try {
        // A format longer than an entry is not scanned to its end.
        if (typeof args[0] === 'string') args[0] = clamp(args[0]);
        return formatArgs(plainOptions, args);
    } catch (failure) {
        return piecemeal(method, args, failure);
    }
}

let groupDepth = 0;

function emit(stream, text) {
    native.emit(stream, clamp(indent(clamp(text), groupDepth)));
}

// Run `make`, which returns the text of one entry or undefined for none. When it
// fails (no stack left, a text longer than the longest string), a short entry
// says so, if possible: the agent continues in any case.
function print(stream, method, make) {
    try {
        let text;
        try {
            text = make();
        } catch (error) {
            text = `[console.${method} could not render its arguments: ${errorText(error)}]`;
        }
        if (text !== undefined) emit(stream, text);
        forgetLastValue();
    } catch {
        sayFailed(stream);
    }
}

// The last attempt, which uses as little stack as possible.
function sayFailed(stream) {
    try {
        native.emit(stream, '[console ran out of stack or memory for this entry]');
    } catch {
        // No entry is possible.
    }
}

const log = (stream, method, args) => print(stream, method, () => render(method, args));

// An argument before the others, without Array.prototype[Symbol.iterator].
function prepend(value, args) {
    const out = [value];
    for (let i = 0; i < args.length; i++) {
        ObjectDefineProperty(out, i + 1, {
            __proto__: null,
            value: args[i],
            writable: true,
            enumerable: true,
            configurable: true,
        });
    }
    return out;
}

// ---- console.dir

const dirOptions = [
    'showHidden',
    'depth',
    'colors',
    'customInspect',
    'showProxy',
    'maxArrayLength',
    'maxStringLength',
    'breakLength',
    'compact',
    'sorted',
    'getters',
    'numericSeparator',
];
const MAX_ITEMS = 100000;

// Known options only, and no list or text longer than an entry can show.
function dirOptionsFrom(given) {
    const options = { __proto__: null, customInspect: false };
    if (isPrimitive(given)) return options;
    for (let i = 0; i < dirOptions.length; i++) {
        const value = given[dirOptions[i]];
        if (value !== undefined) options[dirOptions[i]] = value;
    }
    options.maxArrayLength = cap(options.maxArrayLength, 100, MAX_ITEMS);
    options.maxStringLength = cap(options.maxStringLength, 10000, MAX_ENTRY);
    return options;
}

function cap(value, usual, most) {
    if (value === null) return most;
    return typeof value === 'number' && value >= 0 ? MathMin(value, most) : usual;
}

// ---- counters and stopwatches

const counts = new Map();
const times = new Map();

// 1.234ms, 1.234s, 1:02.345 (m:ss.mmm), 1:01:02 (h:mm:ss)
function durationText(ms) {
    if (ms < 1000) return `${+NumberPrototypeToFixed(ms, 3)}ms`;
    if (ms < 60000) return `${NumberPrototypeToFixed(ms / 1000, 3)}s`;
    const two = (number, width) => StringPrototypePadStart(number, width, '0');
    const minutes = MathFloor(ms / 60000);
    if (minutes < 60) return `${minutes}:${two(NumberPrototypeToFixed(ms / 1000 - minutes * 60, 3), 6)} (m:ss.mmm)`;
    const seconds = MathFloor(ms / 1000) - minutes * 60;
    return `${MathFloor(minutes / 60)}:${two(`${minutes % 60}`, 2)}:${two(`${seconds}`, 2)} (h:mm:ss)`;
}

function timeText(label, args) {
    const elapsed = durationText(MathMax(0, native.now() - MapPrototypeGet(times, label)));
    if (args.length === 0) return `${label}: ${elapsed}`;
    return render('timeLog', prepend(`${label}: ${elapsed}`, args));
}

// ---- the methods; shorthand, so that none is a constructor

export const console = {
    __proto__: {},
    log(...data) {
        log(OUT, 'log', data);
    },
    warn(...data) {
        log(ERR, 'warn', data);
    },
    info(...data) {
        log(OUT, 'info', data);
    },
    debug(...data) {
        log(OUT, 'debug', data);
    },
    error(...data) {
        log(ERR, 'error', data);
    },
    dirxml(...data) {
        log(OUT, 'dirxml', data);
    },
    dir(item = undefined, options = undefined) {
        print(OUT, 'dir', () => inspect(item, dirOptionsFrom(options)));
    },
    table(tabularData = undefined, properties = undefined) {
        print(OUT, 'table', () => tableText(tabularData, properties) ?? render('table', [tabularData]));
    },
    trace(...data) {
        print(ERR, 'trace', () => {
            const message = data.length === 0 ? 'Trace' : `Trace: ${clamp(render('trace', data))}`;
            return message + callerStack(traceMethod);
        });
    },
    assert(condition = false, ...data) {
        if (condition) return;
        if (data.length === 0) {
            data = ['Assertion failed'];
        } else if (typeof data[0] === 'string') {
            data[0] = `Assertion failed: ${clamp(data[0])}`;
        } else {
            data = prepend('Assertion failed', data);
        }
        log(ERR, 'assert', data);
    },
    count(label = 'default') {
        print(OUT, 'count', () => {
            label = `${label}`;
            const count = (MapPrototypeGet(counts, label) ?? 0) + 1;
            MapPrototypeSet(counts, label, count);
            return `${label}: ${count}`;
        });
    },
    countReset(label = 'default') {
        print(ERR, 'countReset', () => {
            label = `${label}`;
            if (!MapPrototypeHas(counts, label)) return `Count for '${label}' does not exist`;
            MapPrototypeDelete(counts, label);
        });
    },
    group(...data) {
        if (data.length > 0) log(OUT, 'group', data);
        groupDepth++;
    },
    groupCollapsed(...data) {
        if (data.length > 0) log(OUT, 'groupCollapsed', data);
        groupDepth++;
    },
    groupEnd() {
        groupDepth = MathMax(0, groupDepth - 1);
    },
    time(label = 'default') {
        print(ERR, 'time', () => {
            label = `${label}`;
            if (MapPrototypeHas(times, label)) return `Label '${label}' already exists for console.time()`;
            MapPrototypeSet(times, label, native.now());
        });
    },
    timeLog(label = 'default', ...data) {
        elapsed('timeLog', label, data);
    },
    timeEnd(label = 'default') {
        elapsed('timeEnd', label, []);
    },
    clear() {
        groupDepth = 0; // entries are sent already, so none can be cleared
    },
};
ObjectDefineProperty(console, SymbolToStringTag, {
    __proto__: null,
    value: 'console',
    writable: false,
    enumerable: false,
    configurable: true,
});
const traceMethod = console.trace;

function elapsed(method, given, data) {
    let label;
    try {
        label = `${given}`;
    } catch (error) {
        print(ERR, method, () => {
            throw error;
        });
        return;
    }
    if (!MapPrototypeHas(times, label)) {
        print(ERR, method, () => `No such label '${label}' for console.${method}()`);
        return;
    }
    print(OUT, method, () => timeText(label, data));
    if (method === 'timeEnd') MapPrototypeDelete(times, label);
}

// The clock starts anew in each run.
export function resetConsole() {
    MapPrototypeClear(times);
}
