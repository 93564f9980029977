// SPDX-License-Identifier: MIT
// zone.js - names of time zones in Intl. V8's Date gets its zone from another
// part of ICU with other rules: only canonical names mean the same zone in both.

import {
    Date,
    DatePrototypeGetTimezoneOffset,
    ObjectGetOwnPropertyDescriptor,
    RegExpPrototypeExec,
    StringPrototypeToUpperCase,
    uncurryThis,
} from './primordials.js';

const { DateTimeFormat } = Intl;
const resolvedOptions = uncurryThis(DateTimeFormat.prototype.resolvedOptions);
const formatter = uncurryThis(ObjectGetOwnPropertyDescriptor(DateTimeFormat.prototype, 'format').get);

// Names of three letters in tzdata; the other ones of ICU are ambiguous (CST is
// not only Chicago's time).
const ofThree = /^(CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/;

const formatFor = (timeZone) => {
    try {
        return new DateTimeFormat('en-US', { __proto__: null, timeZone, timeZoneName: 'longOffset' });
    } catch {
        return undefined;
    }
};

// The canonical name, or in `why` the fault of this one.
export function findZone(name) {
    if (RegExpPrototypeExec(/^[+-]/, name) !== null) return { __proto__: null, why: 'offset' };
    const format = formatFor(name);
    if (format === undefined) return { __proto__: null, why: 'unknown' };
    const zone = resolvedOptions(format).timeZone;
    const short = name.length === 3 && RegExpPrototypeExec(ofThree, StringPrototypeToUpperCase(name)) === null;
    return { __proto__: null, zone, why: short ? 'abbreviation' : '' };
}

// "1/1/2024, GMT+05:30": minutes east of UTC.
function offsetIn(text) {
    const found = RegExpPrototypeExec(/GMT(?:([+-])(\d\d):(\d\d))?/, text);
    if (found === null || found[1] === undefined) return 0;
    return (found[1] === '-' ? -1 : 1) * (60 * +found[2] + +found[3]);
}

const YEAR = 365.25 * 86400000;
const JANUARY_1985 = 473385600000;
const JANUARY_2035 = 2051222400000;

// True when both Date and Intl use this zone by default; compares winters and
// summers of half a century.
export function zoneHolds(zone) {
    if (resolvedOptions(new DateTimeFormat('en-US')).timeZone !== zone) return false;
    const format = formatter(formatFor(zone));
    for (let time = JANUARY_1985; time < JANUARY_2035; time += 6.5 * YEAR) {
        const date = new Date(time);
        if (-DatePrototypeGetTimezoneOffset(date) !== offsetIn(format(date))) return false;
    }
    return true;
}
