// SPDX-License-Identifier: MIT
// late.js - the globals that are made at their first use, and the modules of late/ that make them. Otherwise they would
// slow down the start of every run.

import { ReflectOwnKeys } from '../primordials.js';
import makeCompression from './late/compression.js';
import makeKeyFormats from './late/crypto-formats.js';
import makeKeyParts from './late/crypto-key.js';
import makeEvents from './late/events.js';
import makeMessaging from './late/messaging.js';
import makeNavigator from './late/navigator.js';
import makeSubtle from './late/subtle.js';
import makePatterns from './late/urlpattern.js';
import { names as streamNames, streams } from './streams.js';

// Makes a group of globals once, as a whole.
const once = (make) => {
    let made;
    return () => {
        if (made === undefined) made = make();
        return made;
    };
};

// Parts of the others.
export const keyParts = once(makeKeyParts);
export const keyFormats = once(makeKeyFormats);
const subtleCrypto = once(makeSubtle);
export const subtle = () => subtleCrypto().subtle;

const groups = { __proto__: null };
const group = (names, get) => {
    for (let i = 0; i < names.length; i++) groups[names[i]] = get;
};

group(streamNames, streams);
group(['CompressionStream', 'DecompressionStream'], once(makeCompression));
group(['CryptoKey'], keyParts);
group(['SubtleCrypto'], subtleCrypto);
group(['ErrorEvent', 'PromiseRejectionEvent'], once(makeEvents));
group(['MessageChannel', 'MessageEvent', 'MessagePort'], once(makeMessaging));
group(['URLPattern'], once(makePatterns));
group(['Navigator', 'navigator'], once(makeNavigator));

export const lateNames = ReflectOwnKeys(groups);

export const makeLazily = (name) => groups[name]()[name];
