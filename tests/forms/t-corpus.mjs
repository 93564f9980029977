// SPDX-License-Identifier: MIT
// The cases of corpus.txt: all of them as jobs of one batch, and again each as a run of its own (several agents).

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { ISO4 } = process.env;
const folder = mkdtempSync(join(tmpdir(), 'iso4-forms.'));

// The globals for all of them. The answers come late, so that calls without `await` are noticed.
const globals = {
    listUsers: { returns: [{ id: 1, name: 'Ada' }, { id: 2, name: 'Grace' }], delayMs: 3 },
    getUser: {
        cases: [
            { args: [1], returns: { id: 1, name: 'Ada', age: 36 } },
            { args: [2], returns: { id: 2, name: 'Grace', age: 85 } },
        ],
        otherwise: { returns: null },
        delayMs: 3,
    },
    broken: { throws: { name: 'Error', message: 'out of order' }, delayMs: 1 },
};
const library = `export const sum = (list) => list.reduce((a, b) => a + b, 0);
export const mean = (list) => sum(list) / list.length;`;

function readCorpus() {
    const text = readFileSync(new URL('corpus.txt', import.meta.url), 'utf8');
    return text
        .split(/^=== /m)
        .slice(1)
        .map((part) => {
            const [head, expected] = part.split(/^--- /m);
            const [name] = head.split('\n', 1);
            return { name, code: head.slice(name.length + 1), expected: JSON.parse(expected) };
        });
}

// "…x…": x is in it; more than one … : the parts, in this order.
function fitsText(want, got) {
    if (!want.includes('…')) return want === got;
    const parts = want.split('…').filter((part) => part !== '');
    let at = 0;
    return parts.every((part) => {
        const found = got.indexOf(part, at);
        at = found + part.length;
        return found >= 0;
    });
}

function fits(want, got) {
    if (want === null) return got === undefined || got === null;
    if (typeof want === 'string') return typeof got === 'string' && fitsText(want, got);
    if (Array.isArray(want)) {
        return Array.isArray(got) && want.length === got.length && want.every((item, i) => fits(item, got[i]));
    }
    if (typeof want !== 'object') return want === got;
    return got !== null && typeof got === 'object' && Object.keys(want).every((key) => fits(want[key], got[key]));
}

function iso4(args, input) {
    try {
        return execFileSync(ISO4, args, { input, cwd: folder, encoding: 'utf8', timeout: 60000, maxBuffer: 1 << 26 });
    } catch (error) {
        if (error.status === 1) return error.stdout; // a run failed, as some are meant to
        throw error;
    }
}

const lines = (text) => text.trimEnd().split('\n').map((line) => JSON.parse(line));

const cases = readCorpus();
const common = ['--globals', 'globals.json', '--import', 'lib:math=math.js'];
writeFileSync(join(folder, 'globals.json'), JSON.stringify(globals));
writeFileSync(join(folder, 'math.js'), library);

function inBatch() {
    const jobs = cases.map(({ code }, id) => JSON.stringify({ id, code })).join('\n');
    return lines(iso4(['batch', '--ordered', ...common], jobs));
}

function alone() {
    const files = cases.map(({ code }, i) => {
        writeFileSync(join(folder, `${i}.js`), code);
        return `${i}.js`;
    });
    return lines(iso4(['run', ...common, ...files], ''));
}

let number = 0;
let failed = 0;
function ok(good, name, got) {
    failed += !good;
    console.log(`${good ? 'ok' : 'not ok'} ${++number} - ${name}`);
    if (!good) console.log(`# got ${JSON.stringify(got)}`);
}

// Alone, agents have file names of their own in stacks.
const renamed = (want, name) =>
    JSON.parse(JSON.stringify(want), (key, value) =>
        typeof value === 'string' ? value.replaceAll('agent.js', name) : value,
    );

ok(cases.length >= 64, `there are ${cases.length} cases`, cases.length);
for (const [way, results] of [['batch', inBatch()], ['run', alone()]]) {
    ok(results.length === cases.length, `${way}: every case has a result`, results.length);
    for (const [i, { name, expected }] of cases.entries()) {
        const want = { ok: true, ...expected };
        ok(fits(way === 'run' ? renamed(want, `${i}.js`) : want, results[i] ?? null), `${way}: ${name}`, results[i]);
    }
}
console.log(`1..${number}`);
rmSync(folder, { recursive: true });
process.exitCode = failed ? 1 : 0;
