// SPDX-License-Identifier: MIT
// zone.js - names of time zones, as Intl knows them. V8 takes the zone of Date
// from elsewhere in ICU, which goes by other rules: only under its canonical
// name is a zone the same for both.

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

// Names of three letters that tzdata has; the others that ICU knows stand for
// several zones (CST is not only Chicago's).
const ofThree = /^(CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/;

const formatFor = (timeZone) => {
    try {
        return new DateTimeFormat('en-US', { __proto__: null, timeZone, timeZoneName: 'longOffset' });
    } catch {
        return undefined;
    }
};

// The canonical name, or in `why` what is wrong with this one.
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

// Do Date and Intl, asked without a zone, both go by this one? Winters and
// summers of half a century say so.
export function zoneHolds(zone) {
    if (resolvedOptions(new DateTimeFormat('en-US')).timeZone !== zone) return false;
    const format = formatter(formatFor(zone));
    for (let time = JANUARY_1985; time < JANUARY_2035; time += 6.5 * YEAR) {
        const date = new Date(time);
        if (-DatePrototypeGetTimezoneOffset(date) !== offsetIn(format(date))) return false;
    }
    return true;
}
