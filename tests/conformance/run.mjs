// SPDX-License-Identifier: MIT
// run.mjs - how much of the web platform is there, measured: run.mjs [--list] [AREA...]
//
// Each file of areas/ holds cases: [name, function], or [name, function, what it must return], where { threw: 'Class name' }
// stands for an error. A case without a third
// member is compared with what a reference returns: Node.js, or the package that the area names. The same file runs
// here and, as an agent, in iso4. One line per area: name, passed, cases, percent, and how many the reference passes of the
// cases. Cases that fail must be those that the area's `gaps` names, each with a reason; exit status 1 when they are not.
// --list prints the failures.
//
// ISO4 names the program, build/bin/iso4 by default; this is meant to be run by the pinned Node.js.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packages } from '../../tools/packages.mjs';

const here = import.meta.dirname;
const iso4 = process.env.ISO4 ?? join(here, '../../build/bin/iso4');
const listing = process.argv.includes('--list');
const wanted = process.argv.slice(2).filter((argument) => argument !== '--list');

// The result of a case as text: exact, and the same in both worlds.
async function observe(cases) {
    const text = (value) =>
        JSON.stringify(value, (_, item) => {
            if (item === undefined) return '<undefined>';
            if (typeof item === 'bigint') return `<${item}n>`;
            if (typeof item === 'number' && !Number.isFinite(item)) return `<${item}>`;
            if (typeof item === 'string') return item.isWellFormed() ? item : `<${escape(item)}>`;
            if (ArrayBuffer.isView(item) && !(item instanceof DataView)) return [item.constructor.name, ...item];
            if (item instanceof ArrayBuffer) return ['ArrayBuffer', ...new Uint8Array(item)];
            if (Object.getPrototypeOf(Object(item)) === Object.prototype)
                return Object.fromEntries(Object.entries(item).sort());
            return item;
        });
    const out = [];
    for (const [, run] of cases) {
        try {
            out.push(text(await run()));
        } catch (error) {
            out.push(`threw ${error?.constructor?.name} ${error?.name}`);
        }
    }
    return out;
}

async function references(name) {
    switch (name) {
        case undefined:
            return {};
        case 'whatwg-url': {
            const { URL, URLSearchParams } = packages('conformance')('whatwg-url');
            return { URL, URLSearchParams };
        }
        case '@exodus/bytes': {
            const { TextDecoder, TextEncoder } = packages('conformance')('@exodus/bytes/encoding.js');
            return { TextDecoder, TextEncoder };
        }
        default:
            throw new Error(`no such reference: ${name}`);
    }
}

async function byReference({ cases, reference }) {
    const given = await references(reference);
    const own = {};
    for (const name of Object.keys(given)) {
        own[name] = globalThis[name];
        globalThis[name] = given[name];
    }
    try {
        return await observe(cases);
    } finally {
        Object.assign(globalThis, own);
    }
}

// Node.js does not report some errors of its streams, and does not wait for AbortSignal.timeout().
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});
process.removeAllListeners('warning');
const awake = setInterval(() => {}, 1000);

const scratch = mkdtempSync(join(tmpdir(), 'iso4-conformance.'));
process.on('exit', () => rmSync(scratch, { recursive: true }));

function byIso4(name) {
    const agent = join(scratch, `${name}.js`);
    const source = readFileSync(join(here, 'areas', `${name}.js`), 'utf8').replaceAll(/^export const/gm, 'const');
    writeFileSync(agent, `${source}\n${observe}\nexport default await observe(cases);\n`);
    const limits = ['--cpu-time-ms', '60000', '--wall-time-ms', '120000', '--max-stderr-bytes', '0'];
    const { stdout, status } = spawnSync(iso4, ['run', '--compact', ...limits, agent], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
    });
    if (status !== 0) throw new Error(`${name}: ${stdout.slice(0, 2000)}`);
    return JSON.parse(stdout).exports.default;
}

let wrong = 0;
for (const file of readdirSync(join(here, 'areas')).sort()) {
    const name = file.replace(/\.js$/, '');
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const area = await import(join(here, 'areas', file));
    const { cases, gaps = {} } = area;
    const want = await byReference(area);
    const got = byIso4(name);
    let passed = 0;
    let byOther = 0;
    const failures = new Set();
    for (let i = 0; i < cases.length; i++) {
        const [, , stated] = cases[i];
        const known = cases[i].length > 2;
        const expected = !known
            ? want[i]
            : stated?.threw
              ? `threw ${stated.threw}`
              : (await observe([['', () => stated]]))[0];
        if (want[i] === expected) byOther++;
        if (got[i] === expected) {
            passed++;
            continue;
        }
        failures.add(cases[i][0]);
        if (listing) console.log(`# ${name}: ${cases[i][0]}\n#   got  ${got[i]}\n#   want ${expected}`);
        if (!(cases[i][0] in gaps)) wrong++;
    }
    for (const gap of Object.keys(gaps)) {
        if (failures.has(gap)) continue;
        wrong++;
        console.log(`# ${name}: ${gap} is named as a gap, but passes or is not there`);
    }
    const percent = (Math.floor((passed * 1000) / cases.length) / 10).toFixed(1);
    console.log(`${name}\t${passed}\t${cases.length}\t${percent}\t${byOther}`);
}
clearInterval(awake);
process.exitCode = wrong === 0 ? 0 : 1;
