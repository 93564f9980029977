// SPDX-License-Identifier: MIT
// navigator.js - navigator.userAgent, from which libraries detect their host.

import { TypeError } from '../../primordials.js';
import { cannotBeCloned } from '../clone.js';
import { asInterface } from '../webidl.js';

const key = { __proto__: null };

export class Navigator {
    #own = true;

    constructor(token = undefined) {
        if (token !== key) throw new TypeError('Illegal constructor');
    }
    get userAgent() {
        return `iso4/${ISO4_VERSION}`;
    }
}
asInterface(Navigator, 'Navigator', (it) => ({ userAgent: it.userAgent }));
cannotBeCloned(Navigator);

export const navigator = new Navigator(key);
