// SPDX-License-Identifier: MIT
// install.js - the globals of the web platform.

import { native } from '../natives.js';
import { ObjectDefineProperty, ObjectGetOwnPropertyDescriptor, ReflectOwnKeys, TypeError } from '../primordials.js';
import { AbortController, AbortSignal } from './abort.js';
import { Blob, File } from './blob.js';
import { cannotBeCloned, structuredClone } from './clone.js';
import { DOMException, QuotaExceededError } from './dom-exception.js';
import { functions as base64, TextDecoder, TextEncoder } from './encoding.js';
import { CustomEvent, Event, EventTarget } from './events.js';
import { Request, Response } from './fetch.js';
import { FormData } from './form-data.js';
import { Headers } from './headers.js';
import { lateNames } from './late.js';
import { makePerformance, Performance } from './performance.js';
import { Crypto, makeCrypto, random } from './random.js';
import { URL, URLSearchParams } from './url.js';
import { need } from './webidl.js';

const classes = {
    __proto__: null,
    AbortController,
    AbortSignal,
    Blob,
    Crypto,
    CustomEvent,
    DOMException,
    Event,
    EventTarget,
    File,
    FormData,
    Headers,
    Performance,
    QuotaExceededError,
    Request,
    Response,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
};

const cloneable = { __proto__: null, Blob, DOMException, File, QuotaExceededError };

// A read-only attribute of WebIDL, which can be replaced like the other globals.
function defineAttribute(global, name, value) {
    const of = (receiver) => {
        if (receiver !== undefined && receiver !== null && receiver !== global) {
            throw new TypeError(`Illegal invocation: ${name} is an attribute of globalThis`);
        }
    };
    const accessor = {
        get [name]() {
            of(this);
            return value;
        },
        set [name](other) {
            of(this);
            ObjectDefineProperty(global, name, {
                __proto__: null,
                value: other,
                writable: true,
                enumerable: false,
                configurable: true,
            });
        },
    };
    const { get, set } = ObjectGetOwnPropertyDescriptor(accessor, name);
    ObjectDefineProperty(global, name, { __proto__: null, get, set, enumerable: false, configurable: true });
}

const { reportError } = {
    reportError(error) {
        need(arguments, 1, 'reportError');
        native.reportUncaught(error, 'reportError()', 'Throw the error, or export it as a value.');
    },
};

export function installWeb(global, define) {
    for (const name of ReflectOwnKeys(classes)) {
        define(global, name, classes[name]);
        if (!(name in cloneable)) cannotBeCloned(classes[name]);
    }
    for (let i = 0; i < lateNames.length; i++) native.defineLazily(global, lateNames[i]);
    define(global, 'structuredClone', structuredClone);
    define(global, 'atob', base64.atob);
    define(global, 'btoa', base64.btoa);
    define(global, 'reportError', reportError);
    defineAttribute(global, 'crypto', makeCrypto());
    defineAttribute(global, 'self', global);
    define(global, 'performance', makePerformance());
    define(global.Math, 'random', random);
}
