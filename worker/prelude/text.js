// SPDX-License-Identifier: MIT
// text.js - bounds and layout of console entries: plain strings in, plain
// strings out.

import {
    Error,
    ErrorCaptureStackTrace,
    MathMin,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    ObjectIs,
    StringPrototypeCharCodeAt,
    StringPrototypeIncludes,
    StringPrototypeIndexOf,
    StringPrototypeRepeat,
    StringPrototypeSlice,
    StringPrototypeStartsWith,
    SymbolPrototypeToString,
} from './primordials.js';

// The longest console entry, in UTF-16 code units, its marker included.
export const MAX_ENTRY = 1024 * 1024;

// Deeper groups are indented like this one, or 10,000 groups would make
// entries of blanks only.
const MAX_GROUP_DEPTH = 1000;

const CUT = `... [cut: a console entry has at most ${MAX_ENTRY} characters]`;

// `text` cut to `max`, marker included, never inside of a surrogate pair.
export function clamp(text, max = MAX_ENTRY, marker = CUT) {
    if (text.length <= max) return text;
    let end = max - marker.length;
    const last = StringPrototypeCharCodeAt(text, end - 1);
    if (last >= 0xd800 && last <= 0xdbff) end--;
    return StringPrototypeSlice(text, 0, end) + marker;
}

// Every line of `text` moved to the right, as far as an entry can show it.
export function indent(text, depth) {
    if (depth === 0) return text;
    const blanks = StringPrototypeRepeat('  ', MathMin(depth, MAX_GROUP_DEPTH));
    let out = blanks;
    let start = 0;
    while (out.length <= MAX_ENTRY) {
        const end = StringPrototypeIndexOf(text, '\n', start);
        if (end === -1) break;
        out += StringPrototypeSlice(text, start, end + 1) + blanks;
        start = end + 1;
    }
    return out + StringPrototypeSlice(text, start);
}

// A primitive as Node prints it at the top level of console.log.
export function primitiveText(value) {
    switch (typeof value) {
        case 'number':
            return ObjectIs(value, -0) ? '-0' : `${value}`;
        case 'bigint':
            return `${value}n`;
        case 'symbol':
            return SymbolPrototypeToString(value);
        default:
            return `${value}`;
    }
}

// The name of the prelude's script, taken from the frame of this function. V8
// adds Error.stackTraceLimit late, and makes no stacks without it, so it is set
// here.
function nameOfOwnScript() {
    const limit = ObjectGetOwnPropertyDescriptor(Error, 'stackTraceLimit');
    const holder = { __proto__: null };
    Error.stackTraceLimit = 1;
    ErrorCaptureStackTrace(holder);
    if (limit === undefined) delete Error.stackTraceLimit;
    else ObjectDefineProperty(Error, 'stackTraceLimit', limit);
    return /(?:\(| at )([^(\n]+):\d+:\d+\)?$/m.exec(holder.stack)?.[1];
}
const ownScript = nameOfOwnScript();
if (ownScript === undefined) throw new Error('the prelude must be a script with a name');

const isDigit = (code) => code >= 0x30 && code <= 0x39;

// The index of `:LINE:COLUMN` at the end of `text`; 0 without it.
function endOfPlace(text) {
    let end = text.length;
    if (StringPrototypeCharCodeAt(text, end - 1) === 0x29) end--;
    for (let n = 0; n < 2; n++) {
        while (end > 0 && isDigit(StringPrototypeCharCodeAt(text, end - 1))) end--;
        if (StringPrototypeCharCodeAt(text, --end) !== 0x3a) return 0;
    }
    return end;
}

// True when the line ends with our script. Agent code chooses the names of functions, but its sourceURL cannot contain a
// blank as our name does.
function isOwnFrame(line) {
    if (!StringPrototypeStartsWith(line, '    at ')) return false;
    const end = endOfPlace(line);
    const start = end - ownScript.length;
    if (start <= 0 || StringPrototypeSlice(line, start, end) !== ownScript) return false;
    const before = StringPrototypeCharCodeAt(line, start - 1);
    return before === 0x20 || before === 0x28;
}

// A stack without the frames of the prelude. `stack` may be any string.
export function cleanStack(stack) {
    if (!StringPrototypeIncludes(stack, `${ownScript}:`)) return stack;
    let out = '';
    let start = 0;
    while (start <= stack.length) {
        let end = StringPrototypeIndexOf(stack, '\n', start);
        if (end === -1) end = stack.length;
        const line = StringPrototypeSlice(stack, start, end);
        if (!isOwnFrame(line)) out += start === 0 ? line : `\n${line}`;
        start = end + 1;
    }
    return out;
}

// The stack of this call as text, without the header: "\n    at ...", or "".
// `above` is the function whose caller is the first frame.
export function callerStack(above) {
    const holder = { __proto__: null, name: '', message: '' };
    ErrorCaptureStackTrace(holder, above);
    const { stack } = holder;
    const frames = typeof stack === 'string' ? StringPrototypeIndexOf(stack, '\n    at ') : -1;
    return frames === -1 ? '' : cleanStack(StringPrototypeSlice(stack, frames));
}
