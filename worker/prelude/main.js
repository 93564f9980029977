// SPDX-License-Identifier: MIT
// main.js - the globals of the base snapshot. Evaluated once in a bare V8
// context (plain ECMAScript, without what V8 installs late: Temporal,
// WebAssembly, Promise.try, ...); C++ then calls prelude.default().

import { Error, FunctionPrototype, ObjectDefineProperty, ReflectOwnKeys } from './primordials.js';
import { connect } from './natives.js';
import { console, resetConsole } from './console.js';
import {
    describeError,
    hasShims,
    install as installGlobals,
    keepModules,
    keptModules,
    moduleExports,
    pathOf,
    receive,
    replace,
} from './globals.js';
import { functionText } from './function-text.js';
import { revive } from './revive.js';
import { openStore, storeWrites } from './store.js';
import {
    callSitePrototype,
    errorText,
    functionColumn,
    functionLine,
    keepStackLimit,
    restoreStackLimit,
    siteColumn,
    siteFile,
    siteLine,
    siteText,
} from './stack.js';
import { functions, nextTimer, nextTimerMade, resetTimers, runTimer } from './timers.js';
import { warmUp } from './warm.js';
import { brandPrototype, withoutJSON } from './web/brand.js';
import { installWeb } from './web/install.js';
import { makeLazily } from './web/late.js';
import { reseed, resetWarning } from './web/random.js';
import { findZone, zoneHolds } from './zone.js';

// Defines a global like the web does, but not enumerable: a loop over globalThis
// shows only the globals of the agent and its prefix.
function define(global, name, value) {
    ObjectDefineProperty(global, name, {
        __proto__: null,
        value,
        writable: true,
        enumerable: false,
        configurable: true,
    });
}

// `native`: see natives.js. Returns the functions for C++: those of the event loop, and those that make stacks.
export default function install(native, global) {
    warmUp();
    connect(native);
    brandPrototype(callSitePrototype, 'CallSite', () => true);
    define(global, 'console', console);
    for (const name of ReflectOwnKeys(functions)) define(global, name, functions[name]);
    installWeb(global, define);
    define(FunctionPrototype, 'toString', functionText);
    return {
        __proto__: null,
        install: (entries, absent) => installGlobals(global, entries, absent),
        replace,
        pathOf,
        hasShims,
        findZone,
        zoneHolds,
        makeLazily,
        withoutJSON,
        keepModules,
        keptModules,
        moduleExports,
        receive,
        revive,
        openStore: (list, limits) => openStore(global, list, limits),
        storeWrites,
        describeError,
        nextTimer,
        nextTimerMade,
        runTimers: () => runTimer(global),
        // Before the heap is saved: removes timers, stopwatches of console.time, and the state of random numbers.
        resetTimers() {
            resetTimers();
            resetConsole();
            reseed();
            resetWarning();
        },
        Error,
        errorText,
        functionColumn,
        functionLine,
        keepStackLimit,
        restoreStackLimit,
        siteColumn,
        siteFile,
        siteLine,
        siteText,
        // Makes Math.random take a new seed at its next call.
        reseed,
        // For a fetch(): reads the request, and makes the response.
    };
}
