// SPDX-License-Identifier: MIT
// install.js - the globals of the web platform.

import { native } from '../natives.js';
import { ReflectOwnKeys } from '../primordials.js';
import { AbortController, AbortSignal } from './abort.js';
import { Blob, File } from './blob.js';
import { cannotBeCloned, structuredClone } from './clone.js';
import { DOMException, QuotaExceededError } from './dom-exception.js';
import { functions as base64, TextDecoder, TextEncoder } from './encoding.js';
import { CustomEvent, Event, EventTarget } from './events.js';
import { Request, Response } from './fetch.js';
import { FormData } from './form-data.js';
import { Headers } from './headers.js';
import { makePerformance, Performance } from './performance.js';
import { Crypto, makeCrypto, random } from './random.js';
import { names as streamNames, streams } from './streams.js';
import { URL, URLSearchParams } from './url.js';

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

export function installWeb(global, define) {
    for (const name of ReflectOwnKeys(classes)) {
        define(global, name, classes[name]);
        if (!(name in cloneable)) cannotBeCloned(classes[name]);
    }
    for (let i = 0; i < streamNames.length; i++) native.defineLazily(global, streamNames[i]);
    define(global, 'structuredClone', structuredClone);
    define(global, 'atob', base64.atob);
    define(global, 'btoa', base64.btoa);
    define(global, 'crypto', makeCrypto());
    define(global, 'performance', makePerformance());
    define(global.Math, 'random', random);
}

// What a global is that was defined lazily.
export const makeLazily = (name) => streams()[name];
