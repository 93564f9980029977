// SPDX-License-Identifier: MIT
// form-data.js - FormData, and the two ways to write one into a body:
// multipart/form-data and application/x-www-form-urlencoded.

import {
    RangeError,
    StringPrototypeIndexOf,
    StringPrototypeReplaceAll,
    StringPrototypeSlice,
    StringPrototypeToLowerCase,
    TypeError,
} from '../primordials.js';
import { append } from '../list.js';
import { native } from '../natives.js';
import { blobBytes, concat, copyOf, fileFrom, isBlob, isFile, subarray } from './blob.js';
import { utf8Decode, utf8DecodeAll, utf8Encode } from './encoding.js';
import { asInterface, asPairs, grouped, isObject, need, toUSV } from './webidl.js';

export let formEntries; // (form): its list of [name, value]
export let isFormData;

// A Blob becomes a File, which has a name.
function entry(name, value, filename) {
    if (!isObject(value) || !isBlob(value)) {
        if (filename !== undefined) throw new TypeError('FormData: only a Blob can have a file name');
        return [toUSV(name), toUSV(value)];
    }
    if (isFile(value) && filename === undefined) return [toUSV(name), value];
    const lastModified = isFile(value) ? value.lastModified : undefined;
    return [
        toUSV(name),
        fileFrom(blobBytes(value), filename === undefined ? 'blob' : toUSV(filename), value.type, lastModified),
    ];
}

export class FormData {
    #list = [];

    constructor(form = undefined) {
        if (form !== undefined) throw new TypeError('FormData: there are no form elements here');
    }

    append(name, value, filename = undefined) {
        need(arguments, 2, 'append');
        append(this.#list, entry(name, value, filename));
    }
    delete(name) {
        need(arguments, 1, 'delete');
        this.#without(toUSV(name));
    }
    get(name) {
        need(arguments, 1, 'get');
        const at = this.#find(toUSV(name));
        return at === -1 ? null : this.#list[at][1];
    }
    getAll(name) {
        need(arguments, 1, 'getAll');
        name = toUSV(name);
        const out = [];
        for (let i = 0; i < this.#list.length; i++) {
            if (this.#list[i][0] === name) append(out, this.#list[i][1]);
        }
        return out;
    }
    has(name) {
        need(arguments, 1, 'has');
        return this.#find(toUSV(name)) !== -1;
    }
    set(name, value, filename = undefined) {
        need(arguments, 2, 'set');
        const made = entry(name, value, filename);
        const at = this.#find(made[0]);
        if (at === -1) {
            append(this.#list, made);
            return;
        }
        this.#list[at] = made;
        this.#without(made[0], at + 1);
    }

    #find(name) {
        for (let i = 0; i < this.#list.length; i++) if (this.#list[i][0] === name) return i;
        return -1;
    }
    #without(name, start = 0) {
        const kept = [];
        for (let i = 0; i < this.#list.length; i++) {
            if (i < start || this.#list[i][0] !== name) append(kept, this.#list[i]);
        }
        this.#list = kept;
    }
    static {
        formEntries = (form) => form.#list;
        isFormData = (value) => #list in value;
    }
}
asPairs(FormData, 'FormData', (form) => formEntries(form));
asInterface(FormData, 'FormData', (form) => grouped(formEntries(form)));

// ---- multipart/form-data

const newlines = (text) =>
    StringPrototypeReplaceAll(
        StringPrototypeReplaceAll(StringPrototypeReplaceAll(text, '\r\n', '\n'), '\r', '\n'),
        '\n',
        '\r\n',
    );
const escaped = (name) =>
    StringPrototypeReplaceAll(
        StringPrototypeReplaceAll(StringPrototypeReplaceAll(name, '\n', '%0A'), '\r', '%0D'),
        '"',
        '%22',
    );

export function writeMultipart(form, boundary) {
    const list = formEntries(form);
    const pieces = [];
    for (let i = 0; i < list.length; i++) {
        const value = list[i][1];
        let head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(newlines(list[i][0]))}"`;
        if (typeof value === 'string') {
            append(pieces, utf8Encode(`${head}\r\n\r\n${newlines(value)}\r\n`));
            continue;
        }
        head += `; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}`;
        append(pieces, utf8Encode(`${head}\r\n\r\n`));
        append(pieces, blobBytes(value));
        append(pieces, utf8Encode('\r\n'));
    }
    append(pieces, utf8Encode(`--${boundary}--\r\n`));
    return concat(pieces);
}

function find(bytes, wanted, from) {
    for (let i = from; i + wanted.length <= bytes.length; i++) {
        let same = 0;
        while (same < wanted.length && bytes[i + same] === wanted[same]) same++;
        if (same === wanted.length) return i;
    }
    return -1;
}

const malformed = (why) => new TypeError(`the body is not multipart/form-data: ${why}`);

// name="a"; filename="b": what browsers escape is %0A, %0D and %22.
function parameter(line, name) {
    const lower = StringPrototypeToLowerCase(line);
    const start = StringPrototypeIndexOf(lower, `; ${name}="`);
    if (start === -1) return undefined;
    const from = start + name.length + 4;
    const end = StringPrototypeIndexOf(line, '"', from);
    if (end === -1) throw malformed('an unclosed quotation mark');
    let text = StringPrototypeSlice(line, from, end);
    text = StringPrototypeReplaceAll(text, '%0A', '\n');
    text = StringPrototypeReplaceAll(text, '%0D', '\r');
    return StringPrototypeReplaceAll(text, '%22', '"');
}

function readHead(text) {
    const head = { __proto__: null, name: undefined, filename: undefined, type: undefined };
    for (let start = 0; start < text.length; ) {
        const end = StringPrototypeIndexOf(text, '\r\n', start);
        const line = StringPrototypeSlice(text, start, end);
        const lower = StringPrototypeToLowerCase(line);
        if (StringPrototypeIndexOf(lower, 'content-disposition:') === 0) {
            if (StringPrototypeIndexOf(lower, 'form-data') === -1) throw malformed('a part that is no form-data');
            head.name = parameter(line, 'name');
            head.filename = parameter(line, 'filename');
        } else if (StringPrototypeIndexOf(lower, 'content-type:') === 0) {
            head.type = trim(StringPrototypeSlice(line, 13));
        }
        start = end + 2;
    }
    if (head.name === undefined) throw malformed('a part without a name');
    return head;
}

function trim(text) {
    let from = 0;
    let to = text.length;
    while (from < to && (text[from] === ' ' || text[from] === '\t')) from++;
    while (to > from && (text[to - 1] === ' ' || text[to - 1] === '\t')) to--;
    return StringPrototypeSlice(text, from, to);
}

export function readMultipart(bytes, boundary) {
    const form = new FormData();
    const list = formEntries(form);
    const dashes = utf8Encode(`--${boundary}`);
    const between = utf8Encode(`\r\n--${boundary}`);
    const headEnd = utf8Encode('\r\n\r\n');
    if (find(bytes, dashes, 0) !== 0) throw malformed('it does not begin with its boundary');
    let at = dashes.length;
    for (;;) {
        if (bytes[at] === 45 && bytes[at + 1] === 45) return form; // "--"
        if (bytes[at] !== 13 || bytes[at + 1] !== 10) throw malformed('a boundary that does not end its line');
        const headAt = find(bytes, headEnd, at);
        if (headAt === -1) throw malformed('a part without an end of its head');
        const head = readHead(utf8Decode(subarray(bytes, at + 2, headAt + 2)));
        const end = find(bytes, between, headAt + 4);
        if (end === -1) throw malformed('a part without an end');
        const content = subarray(bytes, headAt + 4, end);
        const value =
            head.filename === undefined
                ? utf8Decode(content)
                : fileFrom(copyOf(content), head.filename, head.type ?? 'text/plain');
        append(list, [toUSV(head.name), value]);
        at = end + between.length;
    }
}

export function readUrlencoded(bytes) {
    const form = new FormData();
    const flat = native.formParse(`?${utf8DecodeAll(bytes)}`);
    if (flat === undefined) throw new RangeError('the body is longer than can be handled');
    for (let i = 0; i < flat.length; i += 2) append(formEntries(form), [flat[i], flat[i + 1]]);
    return form;
}
