// SPDX-License-Identifier: MIT
// cold.mjs - from nothing to the result of one run, with prefixes of four sizes: whole commands, as a shell would start them.

import { WANT, bytesOf, launch, library, mustRun, node, reason, summary } from './lib.mjs';
import { ABSENT, commands, world } from './rivals.mjs';

export const PREFIXES = [
    { key: 'small', holds: 'a few lines' },
    { key: 'zodlodash', holds: 'zod and lodash' },
    { key: 'mid', holds: 'five libraries' },
    { key: 'typescript', holds: 'the TypeScript compiler' },
];

// A run that fails fast would look good.
function prepare(row, found, dir) {
    try {
        if (found.missing) throw new Error(ABSENT);
        row.argv = commands[row.rival](found, dir, world(dir, `cold-${row.rival}-${row.prefix}`, row.prefix));
        if (!mustRun(row.argv, dir).includes(WANT)) throw new Error('it does not compute what the others do');
    } catch (error) {
        if (row.rival === 'iso4') throw error;
        row.fails = reason(error);
    }
}

export function measureCold(rivals, dir, rounds) {
    const rows = Object.keys(rivals).flatMap((rival) => PREFIXES.map(({ key }) => ({ rival, prefix: key })));

    for (const row of rows) prepare(row, rivals[row.rival], dir);
    const run = rows.filter((row) => !row.fails);
    const [reference, ...lists] = launch([[node, '-e', '0'], ...run.map((row) => row.argv)], rounds, 2, dir);
    for (const [i, list] of lists.entries()) {
        const bad = list.find(({ status }) => status !== 0);
        if (bad) run[i].fails = `wait status ${bad.status} in one of the rounds`;
        else Object.assign(run[i], summary(list.map(({ ms }) => ms)));
    }
    for (const row of rows) delete row.argv;
    return {
        rounds,
        reference: summary(reference.map(({ ms }) => ms)),
        prefixes: PREFIXES.map((prefix) => ({ ...prefix, bytes: bytesOf(library(prefix.key)) })),
        rows,
    };
}
