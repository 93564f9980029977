// SPDX-License-Identifier: MIT
// function-text.js - functions of the runtime print as builtins do: `function fetch() { [native code] }`. Libraries tell
// polyfills from builtins by this text, and the source of the runtime is of no use to an agent.

import { FunctionPrototypeToString, ObjectGetOwnPropertyDescriptor } from './primordials.js';
import { native } from './natives.js';

function nameOf(method) {
    const own = ObjectGetOwnPropertyDescriptor(method, 'name');
    return own !== undefined && typeof own.value === 'string' ? own.value : '';
}

// Replaces Function.prototype.toString.
export const { toString: functionText } = {
    toString() {
        return native.isRuntime(this)
            ? `function ${nameOf(this)}() { [native code] }`
            : FunctionPrototypeToString(this);
    },
};
