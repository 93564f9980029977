// SPDX-License-Identifier: MIT
// mime.js - MIME types of https://mimesniff.spec.whatwg.org/, and the one that
// headers give a body (https://fetch.spec.whatwg.org/#concept-body-mime-type).

import {
    RegExpPrototypeExec,
    StringPrototypeIndexOf,
    StringPrototypeSlice,
    StringPrototypeToLowerCase,
} from '../primordials.js';
import { append } from '../list.js';
import { headerList } from './headers.js';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const quotable = /^[\t\x20-\x7e\x80-\xff]*$/;
const isToken = (text) => RegExpPrototypeExec(token, text) !== null;
const isSpace = (char) => char === ' ' || char === '\t' || char === '\n' || char === '\r';

function skipSpace(text, at) {
    while (at < text.length && isSpace(text[at])) at++;
    return at;
}

// text[from..to) without white space at its end.
function trimmedEnd(text, from, to) {
    while (to > from && isSpace(text[to - 1])) to--;
    return StringPrototypeSlice(text, from, to);
}

// The first of these characters from `at` on, or the end.
function findOne(text, chars, at) {
    while (at < text.length && StringPrototypeIndexOf(chars, text[at]) === -1) at++;
    return at;
}

// The value of the quoted string that begins at `at`, and the place after it.
function readQuoted(text, at) {
    let value = '';
    for (at++; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === '\\' && at + 1 < text.length) at++;
        value += text[at];
    }
    return [value, at < text.length ? at + 1 : at];
}

export function parameter(mime, name) {
    for (let i = 0; i < mime.parameters.length; i++) if (mime.parameters[i][0] === name) return mime.parameters[i][1];
    return undefined;
}

function readParameters(text, at, mime) {
    while (at < text.length) {
        at = skipSpace(text, at + 1);
        const nameEnd = findOne(text, ';=', at);
        const name = StringPrototypeToLowerCase(StringPrototypeSlice(text, at, nameEnd));
        at = nameEnd;
        if (at >= text.length) return;
        if (text[at] === ';') continue;
        let value;
        if (text[++at] === '"') {
            const quoted = readQuoted(text, at);
            value = quoted[0];
            at = findOne(text, ';', quoted[1]);
        } else {
            const end = findOne(text, ';', at);
            value = trimmedEnd(text, at, end);
            at = end;
            if (value === '') continue;
        }
        const valid = isToken(name) && RegExpPrototypeExec(quotable, value) !== null;
        if (valid && parameter(mime, name) === undefined) append(mime.parameters, [name, value]);
    }
}

// { essence, parameters: [[name, value], ...] }, or null.
export function parseMime(text) {
    const start = skipSpace(text, 0);
    text = trimmedEnd(text, start, text.length);
    const slash = StringPrototypeIndexOf(text, '/');
    if (slash === -1) return null;
    const end = findOne(text, ';', slash);
    const type = StringPrototypeSlice(text, 0, slash);
    const subtype = trimmedEnd(text, slash + 1, end);
    if (!isToken(type) || !isToken(subtype)) return null;
    const mime = { __proto__: null, essence: StringPrototypeToLowerCase(`${type}/${subtype}`), parameters: [] };
    readParameters(text, end, mime);
    return mime;
}

export function mimeToString(mime) {
    let text = mime.essence;
    for (let i = 0; i < mime.parameters.length; i++) {
        const value = mime.parameters[i][1];
        let shown = value;
        if (!isToken(value)) {
            shown = '"';
            for (let k = 0; k < value.length; k++)
                shown += value[k] === '"' || value[k] === '\\' ? `\\${value[k]}` : value[k];
            shown += '"';
        }
        text += `;${mime.parameters[i][0]}=${shown}`;
    }
    return text;
}

// The values of a header, which commas outside of quotes separate.
function splitValues(text) {
    const values = [];
    let start = 0;
    let at = 0;
    while (at <= text.length) {
        at = findOne(text, '",', at);
        if (text[at] === '"') {
            at = readQuoted(text, at)[1];
        } else {
            append(values, StringPrototypeSlice(text, start, at));
            start = ++at;
        }
    }
    return values;
}

// The MIME type of a body with these headers, or null. Of several values the
// last valid one counts; it keeps the charset of one before with the same type.
export function mimeOf(headers) {
    const list = headerList(headers);
    let all = null;
    for (let i = 0; i < list.length; i++) {
        if (list[i][0] === 'content-type') all = all === null ? list[i][1] : `${all}, ${list[i][1]}`;
    }
    if (all === null) return null;
    const values = splitValues(all);
    let found = null;
    let charset;
    for (let i = 0; i < values.length; i++) {
        const mime = parseMime(values[i]);
        if (mime === null || mime.essence === '*/*') continue;
        if (found === null || mime.essence !== found.essence) {
            charset = parameter(mime, 'charset');
        } else if (parameter(mime, 'charset') === undefined && charset !== undefined) {
            append(mime.parameters, ['charset', charset]);
        }
        found = mime;
    }
    return found;
}
