// SPDX-License-Identifier: MIT
// urlpattern-bindings.js - what urlpattern-polyfill is given in place of globals and methods (see
// ../urlpattern-patches.mjs).

import {
    ArrayIsArray,
    NumberParseInt,
    RegExpPrototypeExec,
    StringPrototypeCharCodeAt,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    SymbolIterator,
    TypeError,
} from '../primordials.js';
import { append } from '../list.js';
import { URL } from './url.js';

export {
    ObjectAssign as assign,
    RegExp,
    RegExpPrototypeExec as exec,
    Set,
    SetPrototypeAdd as add,
    SetPrototypeHas as has,
    StringPrototypeEndsWith as endsWith,
    StringPrototypeIndexOf as indexOf,
    StringPrototypeLastIndexOf as lastIndexOf,
    StringPrototypeSlice as substring,
    StringPrototypeStartsWith as startsWith,
    StringPrototypeToLowerCase as toLowerCase,
    TypeError,
} from '../primordials.js';
export { append as push, URL };

export const substr = (text, start, length) => StringPrototypeSlice(text, start, start + length);

export const test = (expression, text) => RegExpPrototypeExec(expression, text) !== null;

export function includes(list, item) {
    if (!ArrayIsArray(list)) return StringPrototypeIndexOf(list, item) !== -1;
    for (let i = 0; i < list.length; i++) if (list[i] === item) return true;
    return false;
}

export function some(list, holds) {
    for (let i = 0; i < list.length; i++) if (holds(list[i])) return true;
    return false;
}

// The items of a list, for a `for ... of`.
export function each(list) {
    let at = 0;
    const iterator = {
        __proto__: null,
        next: () => (at < list.length ? { done: false, value: list[at++] } : { done: true, value: undefined }),
        [SymbolIterator]: () => iterator,
    };
    return iterator;
}

// A backslash before each of these characters.
export function escape(text, characters) {
    let out = '';
    for (let i = 0; i < text.length; i++) {
        if (StringPrototypeIndexOf(characters, text[i]) !== -1) out += '\\';
        out += text[i];
    }
    return out;
}

// The URL parser ignores a hostname that is none, so it is asked to put it in the place of another.
const other = 'other.invalid';

export function hostname(text) {
    const url = new URL(`https://${other}`);
    url.hostname = text;
    if (url.hostname === other && text !== other) throw new TypeError(`invalid hostname '${text}'`);
    return url.hostname;
}

const isIgnored = (code) => code === 9 || code === 10 || code === 13; // by the URL parser: tabs and ends of lines

// The number at the beginning.
export function port(text) {
    let digits = '';
    for (let i = 0; i < text.length; i++) {
        const code = StringPrototypeCharCodeAt(text, i);
        if (isIgnored(code)) continue;
        if (code < 48 || code > 57) break;
        digits += text[i];
    }
    const number = NumberParseInt(digits, 10);
    if (text !== '' && !(number <= 65535)) throw new TypeError(`invalid port '${text}'`);
    return text === '' ? '' : `${number}`;
}
