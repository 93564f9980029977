// SPDX-License-Identifier: MIT
// pattern.mjs - JSON with wildcards, as golden transcripts have it: <any> is any value, <ms> a number from 0, <NAME> a
// value that is the same everywhere in the transcript, "..." any further members of the object that it stands in. Within
// a string <any> is any text.

const MARK = '\u0001';

// The text of a pattern as a value, in which wildcards are strings that begin with MARK.
export function parse(text) {
    let out = '';
    let inString = false;
    for (let i = 0; i < text.length; i++) {
        const wildcard = !inString && /^<([a-zA-Z0-9]+)>/.exec(text.slice(i, i + 40));
        if (wildcard) {
            out += JSON.stringify(MARK + wildcard[1]);
            i += wildcard[0].length - 1;
            continue;
        }
        if (!inString && text.startsWith('...', i)) {
            out += `${JSON.stringify(`${MARK}more`)}:1`;
            i += 2;
            continue;
        }
        if (inString && text[i] === '\\') out += text[i++];
        else if (text[i] === '"') inString = !inString;
        out += text[i];
    }
    return JSON.parse(out);
}

function fitsWildcard(name, value, names) {
    if (name === 'any') return true;
    if (name === 'ms') return typeof value === 'number' && value >= 0;
    if (!names.has(name)) names.set(name, value);
    return JSON.stringify(names.get(name)) === JSON.stringify(value);
}

function fitsText(pattern, text) {
    const [first, ...rest] = pattern.split('<any>');
    if (rest.length === 0) return pattern === text;
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const [i, part] of rest.entries()) {
        const found = i === rest.length - 1 ? text.length - part.length : text.indexOf(part, at);
        if (found < at || !text.startsWith(part, found)) return false;
        at = found + part.length;
    }
    return true;
}

// True when a value fits the pattern; `names` has the values of <NAME>, and gets new ones.
export function fits(pattern, value, names) {
    if (typeof pattern === 'string') {
        if (pattern.startsWith(MARK)) return fitsWildcard(pattern.slice(1), value, names);
        return typeof value === 'string' && fitsText(pattern, value);
    }
    if (pattern === null || typeof pattern !== 'object') return pattern === value;
    if (Array.isArray(pattern))
        return (
            Array.isArray(value) && value.length === pattern.length && pattern.every((p, i) => fits(p, value[i], names))
        );
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
    const more = Object.hasOwn(pattern, `${MARK}more`);
    const wanted = Object.keys(pattern).filter((k) => k !== `${MARK}more`);
    return (
        wanted.every((k) => Object.hasOwn(value, k) && fits(pattern[k], value[k], names)) &&
        (more || Object.keys(value).length === wanted.length)
    );
}

// A line to be sent: <NAME> is what it stood for before.
export const fill = (text, names) =>
    text.replace(/<([a-zA-Z0-9]+)>/g, (all, name) => (names.has(name) ? JSON.stringify(names.get(name)) : all));
