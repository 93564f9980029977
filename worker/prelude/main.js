// SPDX-License-Identifier: MIT
// main.js - the globals of the base snapshot. Evaluated once in a bare V8
// context (plain ECMAScript, without what V8 installs late: Temporal,
// WebAssembly, Promise.try, ...); C++ then calls prelude.default().

import { Error, ObjectDefineProperty, ReflectOwnKeys } from './primordials.js';
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
import { revive } from './revive.js';
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

// As the web has it, but not enumerable: a loop over globalThis shows what the
// agent and its prefix put there.
function define(global, name, value) {
    ObjectDefineProperty(global, name, {
        __proto__: null,
        value,
        writable: true,
        enumerable: false,
        configurable: true,
    });
}

// `native`: see natives.js. Returns what the event loop calls, and what C++ makes stacks with.
export default function install(native, global) {
    warmUp();
    connect(native);
    brandPrototype(callSitePrototype, 'CallSite', () => true);
    define(global, 'console', console);
    for (const name of ReflectOwnKeys(functions)) define(global, name, functions[name]);
    installWeb(global, define);
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
        describeError,
        nextTimer,
        nextTimerMade,
        runTimers: () => runTimer(global),
        // Before the heap is saved: no timer of this run, no stopwatch of console.time, no random number to come.
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
        // Math.random takes another seed at its next call.
        reseed,
        // For a fetch(): what was asked, and the answer to it.
    };
}
