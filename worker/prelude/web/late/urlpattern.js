// SPDX-License-Identifier: MIT
// urlpattern.js - URLPattern of https://urlpattern.spec.whatwg.org/ as it looks from outside. The package reads patterns
// and matches them.

import makePattern from 'urlpattern-polyfill';
import { TypeError } from '../../primordials.js';
import { append } from '../../list.js';
import { cannotBeCloned } from '../clone.js';
import { asInterface, dictionary, isObject, toUSV } from '../webidl.js';

const Pattern = makePattern();

const members = ['baseURL', 'hash', 'hostname', 'password', 'pathname', 'port', 'protocol', 'search', 'username'];

// A URLPatternInput: a text, or a dictionary of texts.
function inputFrom(value) {
    if (value !== undefined && value !== null && !isObject(value)) return toUSV(value);
    const given = dictionary(value, 'the input of URLPattern');
    const init = {};
    for (let i = 0; i < members.length; i++) {
        const member = given[members[i]];
        if (member !== undefined) init[members[i]] = toUSV(member);
    }
    return init;
}

function checkBase(input, baseURL) {
    if (isObject(input) && baseURL !== undefined) {
        throw new TypeError('URLPattern: a base URL stands beside a text; an object has a member baseURL');
    }
}

export class URLPattern {
    #pattern;

    constructor(input = undefined, baseURL = undefined, options = undefined) {
        // The second argument may be the options, but not when there is a third.
        const first = inputFrom(input);
        const isBase = arguments.length > 2 || (baseURL !== undefined && baseURL !== null && !isObject(baseURL));
        const base = isBase ? toUSV(baseURL) : undefined;
        const { ignoreCase } = dictionary(isBase ? options : baseURL, 'the options of URLPattern');
        checkBase(first, base);
        const how = { __proto__: null, ignoreCase: !!ignoreCase };
        this.#pattern = base === undefined ? new Pattern(first, how) : new Pattern(first, base, how);
    }
    test(input = undefined, baseURL = undefined) {
        const first = inputFrom(input);
        const base = baseURL === undefined ? undefined : toUSV(baseURL);
        checkBase(first, base);
        return this.#pattern.test(first, base);
    }
    exec(input = undefined, baseURL = undefined) {
        const first = inputFrom(input);
        const base = baseURL === undefined ? undefined : toUSV(baseURL);
        checkBase(first, base);
        const result = this.#pattern.exec(first, base);
        if (result === null) return null;
        result.inputs = [first];
        if (base !== undefined) append(result.inputs, base);
        return result;
    }
    get protocol() {
        return this.#pattern.protocol;
    }
    get username() {
        return this.#pattern.username;
    }
    get password() {
        return this.#pattern.password;
    }
    get hostname() {
        return this.#pattern.hostname;
    }
    get port() {
        return this.#pattern.port;
    }
    get pathname() {
        return this.#pattern.pathname;
    }
    get search() {
        return this.#pattern.search;
    }
    get hash() {
        return this.#pattern.hash;
    }
    get hasRegExpGroups() {
        return this.#pattern.hasRegExpGroups;
    }
}
asInterface(URLPattern, 'URLPattern', (pattern) => ({
    protocol: pattern.protocol,
    username: pattern.username,
    password: pattern.password,
    hostname: pattern.hostname,
    port: pattern.port,
    pathname: pattern.pathname,
    search: pattern.search,
    hash: pattern.hash,
}));

cannotBeCloned(URLPattern);
