// SPDX-License-Identifier: MIT
// same.mjs RUNS BATCH NAMES - compares line by line what `run` and `batch` said of the same agents; NAMES has what each
// line is called. Prints what differs; 1 when something does.
import { readFileSync } from 'node:fs';

const lines = (file) => readFileSync(file, 'utf8').split('\n').slice(0, -1);
const [runs, batch, names] = process.argv.slice(2).map(lines);

// A run may come further or less far before a limit stops it.
function shown(line) {
    const { id, file, durationMs, cpuTimeMs, stripMs, heapUsedBytes, ...rest } = JSON.parse(line);
    for (const call of rest.bridgeCalls ?? []) {
        delete call.startMs;
        delete call.durationMs;
    }
    if (/TIMEOUT|MEMORY/.test(rest.error?.code)) return rest.error.code;
    return JSON.stringify(rest);
}

let bad = 0;
if (runs.length !== names.length || batch.length !== names.length) {
    console.log(`${names.length} agents, ${runs.length} runs, ${batch.length} answers of the batch`);
    bad++;
}
names.forEach((name, i) => {
    const [alone, forked] = [runs[i], batch[i]].map((line) => (line === undefined ? 'nothing' : shown(line)));
    if (alone === forked) return;
    bad++;
    console.log(`${name}\n  run:   ${alone.slice(0, 400)}\n  batch: ${forked.slice(0, 400)}`);
});
process.exitCode = bad ? 1 : 0;
