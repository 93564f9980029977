// SPDX-License-Identifier: MIT
// performance.js - the clock of https://w3c.github.io/hr-time/. Marks and
// measures are left out.

import { TypeError } from '../primordials.js';
import { native } from '../natives.js';
import { EventTarget } from './events.js';
import { asInterface } from './webidl.js';

const key = { __proto__: null };

export class Performance extends EventTarget {
    #own = true;

    constructor(token = undefined) {
        if (token !== key) throw new TypeError('Illegal constructor');
        super();
    }
    now() {
        return native.performanceNow();
    }
    get timeOrigin() {
        return native.timeOrigin();
    }
    toJSON() {
        return { timeOrigin: this.timeOrigin };
    }
}
asInterface(Performance, 'Performance', (performance) => ({ timeOrigin: performance.timeOrigin }));

export const makePerformance = () => new Performance(key);
