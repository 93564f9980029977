// SPDX-License-Identifier: MIT
// bench.mjs - measures iso4 beside what else runs such code: bench.mjs [options]; see --help and README.md.
//
// Writes results.json (what was measured), results.md (tables) and plot.svg. Exit status 0 when iso4 was measured, however
// the figures are and whichever rival is not there; 1 when something of iso4 did not run, 2 for a bad command line.

import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { measureCalls } from './calls.mjs';
import { measureCold } from './cold.mjs';
import { measureCounts } from './counts.mjs';
import { build } from './lib.mjs';
import { measureMany } from './many.mjs';
import { measureOwn } from './own.mjs';
import { plot } from './plot.mjs';
import { report } from './report.mjs';
import { RIVALS, findRivals, machine } from './rivals.mjs';
import { measureStop } from './stop.mjs';

// A part, what it measures, and its share of the rounds: those that take long get fewer.
const PARTS = {
    own: { what: 'what iso4 is held to', measure: measureOwn, share: 3 / 4 },
    cold: { what: 'cold starts', measure: measureCold, share: 3 / 5 },
    many: { what: 'many runs', measure: measureMany, share: 1 / 5 },
    counts: { what: 'page faults and system calls of a run', measure: measureCounts, share: 1 / 5 },
    calls: { what: 'calls of the host', measure: measureCalls, share: 1 / 5 },
    stop: { what: 'runs that have to be stopped', measure: measureStop, share: 1 / 7 },
};

const ROUNDS = 20;
const QUICK = 4;
const FORMAT = 1;

const HELP = `usage: bench.mjs [--rounds N | --quick] [--only PART,..] [--output FOLDER]
       bench.mjs --from results.json [--output FOLDER]

  --rounds N       measure for N rounds (${ROUNDS}), of which each part takes as many as it can do with
  --quick          the same as --rounds ${QUICK}: whether everything runs, not how fast
  --only PART,..   of ${Object.keys(PARTS).join(', ')}
  --output FOLDER  for results.json, results.md and plot.svg (build/bench)
  --from FILE      draw and print again what was measured before
`;

class UsageError extends Error {}

function readOptions() {
    let values;
    try {
        ({ values } = parseArgs({
            options: {
                rounds: { type: 'string' },
                quick: { type: 'boolean' },
                only: { type: 'string' },
                output: { type: 'string' },
                from: { type: 'string' },
                help: { type: 'boolean', short: 'h' },
            },
        }));
    } catch (error) {
        throw new UsageError(error.message);
    }
    const rounds = Number(values.rounds ?? (values.quick ? QUICK : ROUNDS));
    const parts = values.only?.split(',') ?? Object.keys(PARTS);
    const unknown = parts.find((part) => !Object.hasOwn(PARTS, part));

    if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError('--rounds takes a number from 1');
    if (values.quick && values.rounds) throw new UsageError('--quick and --rounds say different things');
    if (unknown !== undefined)
        throw new UsageError(`--only: there is no part '${unknown}', only ${Object.keys(PARTS).join(', ')}`);
    if (values.from && (values.rounds || values.quick || values.only))
        throw new UsageError('--from measures nothing: leave out --rounds, --quick and --only');
    return { ...values, rounds, parts, output: resolve(values.output ?? join(build, 'bench')) };
}

// The share of the processors that others use. The load average would still hold the build that came before.
async function othersShare() {
    const total = (list) => list.map(({ times }) => times).reduce((sum, t) => sum + t.user + t.nice + t.sys + t.irq, 0);
    const before = total(os.cpus());

    await sleep(1000);
    return (total(os.cpus()) - before) / 1000 / os.cpus().length;
}

async function measure({ parts, rounds }, dir) {
    const say = (text) => process.stderr.write(`bench: ${text}\n`);
    const found = findRivals(dir);
    const busy = Math.round((await othersShare()) * 100);
    const results = {
        format: FORMAT,
        machine: { ...machine(dir), busyPercent: busy },
        rivals: Object.fromEntries(
            Object.entries(RIVALS).map(([id, about]) => [
                id,
                { ...about, version: found[id].version, missing: found[id].missing },
            ]),
        ),
    };

    if (busy > 20) say(`the machine is ${busy} % busy with something else: the figures are not to be trusted`);
    for (const part of parts) {
        const turns = Math.ceil(rounds * PARTS[part].share);
        const start = performance.now();
        say(`${PARTS[part].what}, ${turns} round${turns === 1 ? '' : 's'}`);
        results[part] = await PARTS[part].measure(found, dir, turns);
        say(`${PARTS[part].what}: ${((performance.now() - start) / 1e3).toFixed(0)} s`);
    }
    return results;
}

function readResults(file) {
    let results;
    try {
        results = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
        throw new UsageError(`--from ${file}: ${error.message}`);
    }
    if (results?.format !== FORMAT) throw new UsageError(`--from ${file}: not results of format ${FORMAT}`);
    return results;
}

function write(folder, name, text) {
    const temporary = join(folder, `.${name}.new`);

    writeFileSync(temporary, text);
    renameSync(temporary, join(folder, name));
}

async function main(options, dir) {
    const results = options.from ? readResults(options.from) : await measure(options, dir);
    const tables = report(results);

    mkdirSync(options.output, { recursive: true });
    write(options.output, 'results.json', JSON.stringify(results, null, 1) + '\n');
    write(options.output, 'results.md', tables);
    write(options.output, 'plot.svg', plot(results));
    process.stdout.write(tables);
    process.stderr.write(
        `bench: wrote ${['results.json', 'results.md', 'plot.svg'].map((name) => join(options.output, name)).join(', ')}\n`,
    );
}

const dir = mkdtempSync(join(os.tmpdir(), 'iso4-bench-'));
const tidy = () => rmSync(dir, { recursive: true, force: true });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
        tidy();
        process.exit(128 + os.constants.signals[signal]);
    });
}
try {
    const options = readOptions();
    if (options.help) process.stdout.write(HELP);
    else await main(options, dir);
} catch (error) {
    console.error(`bench: ${error.message}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
} finally {
    tidy();
}
