// SPDX-License-Identifier: MIT
// lib.mjs - what the measuring parts share: where things are, starting commands in turn, medians.
//
// `make bench` gives ISO4, NODE, LIBRARIES and B in the environment; without, they are what lies in build/.

import { spawn, spawnSync } from 'node:child_process';
import {
    accessSync,
    constants,
    existsSync,
    readdirSync,
    readFileSync,
    realpathSync,
    statSync,
    writeFileSync,
} from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';

import { modules } from '../tools/packages.mjs';

export const here = import.meta.dirname;
export const build = resolve(process.env.B ?? join(here, '../build'));
export const iso4 = resolve(process.env.ISO4 ?? join(build, 'bin/iso4'));
// The real path: a sandbox that is given its folder would not find what a link points to.
export const node = realpathSync(resolve(process.env.NODE ?? process.execPath));
export const libraries = resolve(process.env.LIBRARIES ?? join(build, 'libraries'));
export const cpus = os.availableParallelism();

export const library = (name) => join(libraries, `${name}.js`);
export const program = (name) => join(here, 'programs', `${name}.mjs`);

// The caller's NODE_OPTIONS and locale would be measured, too. Deno keeps compiled code between runs in DENO_DIR.
export const env = (dir) => ({
    PATH: process.env.PATH,
    HOME: process.env.HOME ?? '/',
    LANG: 'C.UTF-8',
    MODULES: modules,
    DENO_DIR: join(dir, 'deno'),
    DENO_NO_UPDATE_CHECK: '1',
    NO_COLOR: '1',
});

// The work of every rival, as an expression and as a module, so that all do the same whatever they take.
export const CODE = '[1, 2, 3].map((n) => n ** 2).join()';
export const MODULE = `export default ${CODE};\n`;
export const WANT = '1,4,9';

// ---- files and commands

export function put(dir, name, text) {
    const file = join(dir, name);

    writeFileSync(file, text);
    return file;
}

export function which(name) {
    for (const dir of (process.env.PATH ?? '').split(':')) {
        try {
            accessSync(join(dir, name), constants.X_OK);
            return join(dir, name);
        } catch {
            // the next one
        }
    }
    return undefined;
}

// The first line of what went wrong, short enough for a table.
export const reason = (error) =>
    String(error?.message ?? error)
        .trim()
        .split('\n')[0]
        .replaceAll('|', '/')
        .slice(0, 120);

export function mustRun(argv, dir, options = {}) {
    const { status, signal, error, stdout, stderr } = spawnSync(argv[0], argv.slice(1), {
        env: env(dir),
        encoding: 'utf8',
        maxBuffer: 1e9,
        ...options,
    });

    if (status !== 0) {
        const lines = String(stderr ?? '')
            .trim()
            .split('\n');
        const said = lines.find((line) => /error|cannot|unable/i.test(line)) ?? lines[0];
        throw new Error(
            `${error?.message ?? signal ?? `status ${status}`}${said ? `: ${said}` : ''} (${argv.slice(0, 3).join(' ')} …)`,
        );
    }
    return stdout;
}

export function printed(argv, dir) {
    return new Promise((done, reject) => {
        const child = spawn(argv[0], argv.slice(1), { env: env(dir), stdio: ['ignore', 'pipe', 'pipe'] });
        let text = '';
        let said = '';

        child.stdout.on('data', (data) => {
            text += data;
        });
        child.stderr.on('data', (data) => {
            said += data;
        });
        child.on('error', reject).on('close', (status) => {
            if (status === 0) done(text);
            else reject(new Error(`status ${status}: ${reason(said)}`));
        });
    });
}

// ---- times

export const launcher = join(build, 'helpers/launch');

// launch(argvs): the commands in turn, a list for each of { ms, status, mb, faults, switches }; status is that of wait4(2).
export function launch(argvs, rounds, warmup, dir, options = {}) {
    const samples = argvs.map(() => []);
    const argv = [launcher, String(rounds), String(warmup), ...argvs.flatMap((words) => ['--', ...words])];

    for (const line of mustRun(argv, dir, options).trim().split('\n')) {
        const [command, , us, status, kib, faults, switches] = line.split(' ').map(Number);
        samples[command].push({ ms: us / 1e3, status, mb: (kib * 1024) / 1e6, faults, switches });
    }
    return samples;
}

export const sort = (samples) => samples.toSorted((a, b) => a - b);
export const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
export const median = (samples) => {
    const sorted = sort(samples);
    return (quantile(sorted, 0.5) + sorted[sorted.length - 1 - Math.floor(sorted.length / 2)]) / 2;
};

const rounded = (x) => Number(x.toPrecision(4));

// The figures kept of samples, to four digits.
export const summary = (samples) => ({
    median: rounded(median(samples)),
    p10: rounded(quantile(sort(samples), 0.1)),
    p90: rounded(quantile(sort(samples), 0.9)),
    n: samples.length,
});

// ---- processes

// The text of a file of /proc; empty when the process has ended.
export function ofProcess(pid, file) {
    try {
        return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
        return '';
    }
}

const parentOf = (pid) =>
    Number(
        ofProcess(pid, 'stat')
            .replace(/.*\) . /s, '')
            .split(' ')[0],
    );
const lists = existsSync(`/proc/self/task/${process.pid}/children`);

// Some kernels keep no list of them.
export function childrenOf(pid) {
    if (lists) return ofProcess(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
    return readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
        .map(Number);
}

// ---- files and versions

export const bytesOf = (file) => statSync(file).size;
export const versionIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

// Rows take turns, each with one sample() a round; what is returned has the samples' summary in its place. A rival that
// fails keeps its row with the reason; iso4 failing ends the measurement.
export async function takeTurns(rows, rounds, everyRound) {
    const samples = rows.map(() => []);

    for (let round = 0; round < rounds; round++) {
        await everyRound(round);
        for (const [i, row] of rows.entries()) {
            if (row.fails) continue;
            try {
                samples[i].push(await row.sample());
            } catch (error) {
                if (row.rival === 'iso4') throw error;
                row.fails = reason(error);
            }
        }
    }
    return rows.map(({ sample, ...row }, i) => ({ ...row, ...(row.fails ? {} : summary(samples[i])) }));
}
