// SPDX-License-Identifier: MIT
// stack.js - the builtins that make the text of a stack, for C++ (worker/stack.cc).

import {
    Error,
    ErrorPrototype,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    ObjectGetPrototypeOf,
    ObjectSetPrototypeOf,
} from './primordials.js';

// Finds the prototype of call sites. They have no constructor: only V8 makes
// them, for a stack. V8 adds Error.stackTraceLimit late, and makes no stacks
// without it, so it is set here.
function findCallSitePrototype() {
    const limit = ObjectGetOwnPropertyDescriptor(Error, 'stackTraceLimit');
    let prototype;
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (error, sites) => {
        prototype = ObjectGetPrototypeOf(sites[0]);
    };
    void new Error().stack;
    delete Error.prepareStackTrace;
    if (limit === undefined) delete Error.stackTraceLimit;
    else ObjectDefineProperty(Error, 'stackTraceLimit', limit);
    return prototype;
}

// The value that a prefix gave Error.stackTraceLimit, for its runs: V8 resets it
// when it loads a snapshot.
let keptLimit;

// Keeps the limit. False: it is V8's default.
export function keepStackLimit() {
    keptLimit = ObjectGetOwnPropertyDescriptor(Error, 'stackTraceLimit');
    if (keptLimit === undefined) return true;
    ObjectSetPrototypeOf(keptLimit, null);
    const { value, writable, enumerable, configurable } = keptLimit;
    return !(value === 10 && writable && enumerable && configurable);
}

export function restoreStackLimit() {
    if (keptLimit === undefined) delete Error.stackTraceLimit;
    else ObjectDefineProperty(Error, 'stackTraceLimit', keptLimit);
}

const callSitePrototype = findCallSitePrototype();
const {
    getColumnNumber: siteColumn,
    getEnclosingColumnNumber: functionColumn,
    getEnclosingLineNumber: functionLine,
    getFileName: siteFile,
    getLineNumber: siteLine,
    toString: siteText,
} = callSitePrototype;
const { toString: errorText } = ErrorPrototype;

export { callSitePrototype, errorText, functionColumn, functionLine, siteColumn, siteFile, siteLine, siteText };
