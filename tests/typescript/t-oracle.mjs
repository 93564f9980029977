// SPDX-License-Identifier: MIT
// t-oracle.mjs - the stripper of types and Node.js's own are given the TypeScript that libraries publish, and have to make
// the same of it, byte for byte: the same blanks, so the same lines and columns. What both refuse, for the same kind of
// reason, is counted, and so are casts like <T>x, which only iso4 erases.

import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packagesFolder } from '../../tools/packages.mjs';

const { strip } = await import(pathToFileURL(resolve(process.env.B, 'ts.js')));

const libraries = JSON.parse(readFileSync(new URL('package.json', import.meta.url))).dependencies;

function sources(folder) {
    return readdirSync(folder, { recursive: true })
        .filter((name) => /\.m?ts$/.test(name) && !/\.d\.m?ts$/.test(name))
        .sort()
        .map((name) => join(folder, name));
}

function ofNode(text) {
    try {
        return { code: stripTypeScriptTypes(text, { mode: 'strip' }) };
    } catch (error) {
        return { message: error.message, refused: error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' };
    }
}

process.removeAllListeners('warning');
process.on('warning', () => {});

let tests = 0;
const say = (good, text) => console.log(`${good ? 'ok' : 'not ok'} ${++tests} - ${text}`);

const failed = ({ message, line, refused }) => `${refused ? 'more than types' : 'an error'}: ${message} ${line ?? ''}`;

function difference(text, ours, theirs) {
    let at = 0;
    while (ours[at] === theirs[at]) at++;
    const [shown, wanted] = [ours, theirs].map((code) => JSON.stringify(code.slice(Math.max(0, at - 30), at + 30)));
    return `line ${text.slice(0, at).split('\n').length}: ${shown}, Node.js has ${wanted}`;
}

function compare(text) {
    const ours = strip(text);
    const theirs = ofNode(text);
    if (ours.code === undefined && theirs.code === undefined && (ours.refused ?? false) === theirs.refused)
        return 'refused';
    if (ours.code === undefined) return `here ${failed(ours)}`;
    if (theirs.code === undefined)
        return /^The angle-bracket syntax/.test(theirs.message) ? 'casts' : `there ${failed(theirs)}`;
    return ours.code === theirs.code ? 'identical' : difference(text, ours.code, theirs.code);
}

for (const name in libraries) {
    const count = { identical: 0, refused: 0, casts: 0 };
    const files = sources(join(packagesFolder('sources'), name));
    const unexplained = [];
    for (const path of files) {
        const outcome = compare(readFileSync(path, 'utf8'));
        if (outcome in count) count[outcome]++;
        else unexplained.push(`${path}: ${outcome}`);
    }
    say(
        files.length > 0 && unexplained.length === 0,
        `${name}: ${files.length} files, ${count.identical} identical, ${count.refused} refused by both, ${count.casts} with casts`,
    );
    for (const line of unexplained.slice(0, 20)) console.log(`# ${line}`);
}
console.log(`1..${tests}`);
