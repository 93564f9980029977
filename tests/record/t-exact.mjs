// SPDX-License-Identifier: MIT
// A replay is the run again: agents of programs.mjs are recorded and replayed, and their RunResults are the same but for
// times, with nothing of the host started. RECORDS=1000 makes so many of them, SEED=N begins with another one.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitions, program, timeless } from './programs.mjs';

const { ISO4, B } = process.env;
const count = Number(process.env.RECORDS ?? 100);
const first = Number(process.env.SEED ?? 1);
const folder = mkdtempSync(join(tmpdir(), 'iso4-record.'));
const at = (name) => join(folder, name);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const run = (...args) =>
    spawnSync(ISO4, ['run', '-g', at('globals.json'), ...args, at('agent.js')], { encoding: 'utf8', timeout: 60000 });
const shorten = (text) => (text.length > 1500 ? `${text.slice(0, 1500)}...` : text);

writeFileSync(at('globals.json'), JSON.stringify(definitions(`${B}/helpers/service`, at('ledger')), null, 4));
const ends = { ok: 0, failed: 0, calls: 0, started: 0 };
const wrong = [];
for (let seed = first; seed < first + count; seed++) {
    rmSync(at('run.jsonl'), { force: true });
    rmSync(at('ledger'), { force: true });
    writeFileSync(at('agent.js'), program(seed));
    const recorded = run('--record', at('run.jsonl'));
    if (existsSync(at('ledger'))) ends.started++;
    rmSync(at('ledger'), { force: true });
    const replayed = run('--replay', at('run.jsonl'));
    const same =
        recorded.stdout !== '' &&
        replayed.stdout !== '' &&
        recorded.status === replayed.status &&
        timeless(recorded.stdout) === timeless(replayed.stdout);
    if (!same || existsSync(at('ledger'))) {
        wrong.push(
            `seed ${seed}: ${existsSync(at('ledger')) ? 'a program was started' : 'not the same'}`,
            shorten(recorded.stdout || recorded.stderr),
            shorten(replayed.stdout || replayed.stderr),
        );
        continue;
    }
    ends[recorded.status === 0 ? 'ok' : 'failed']++;
    ends.calls += JSON.parse(recorded.stdout).bridgeCalls.length;
}

function ok(number, pass, name, notes = []) {
    console.log(`${pass ? 'ok' : 'not ok'} ${number} - ${name}`);
    if (!pass) for (const note of notes) console.log(`# ${note.trim()}`);
    process.exitCode ||= pass ? 0 : 1;
}
console.log(`# ${JSON.stringify(ends)}`);
ok(1, wrong.length === 0, `${count} recorded runs are replayed exactly`, wrong.slice(0, 12));
ok(
    2,
    ends.ok > count / 4 && ends.failed > count / 10 && ends.calls > count && ends.started > count / 10,
    'runs that end well and badly, with calls, were among them',
);
console.log('1..2');
