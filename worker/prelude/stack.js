// SPDX-License-Identifier: MIT
// stack.js - the builtins that make the text of a stack, for C++ (worker/stack.cc).

import {
    Error,
    ErrorPrototype,
    ObjectDefineProperty,
    ObjectGetOwnPropertyDescriptor,
    ObjectGetPrototypeOf,
} from './primordials.js';

// Call sites have no constructor: only V8 makes one, for a stack. The limit is
// among what V8 installs late: without one there are no stacks yet.
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
