// SPDX-License-Identifier: MIT
// A record that is cut off anywhere: the replay goes as far as it reaches, and a run that goes on from it never makes a
// call again that stands in it. CUT_STEP=1 cuts at every byte of the three records.

import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { ISO4 } = process.env;
const step = Number(process.env.CUT_STEP ?? 61);
const folder = mkdtempSync(join(tmpdir(), 'iso4-cut.'));
const at = (name) => join(folder, name);
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

// Each call of `act` leaves its argument, which no other has, in the ledger.
writeFileSync(at('act.sh'), `#!/bin/sh\nread -r args; echo "$args" >>${at('ledger')}; echo "{\\"did\\": $args}"\n`, {
    mode: 0o755,
});
writeFileSync(
    at('globals.json'),
    JSON.stringify({ act: { command: ['./act.sh'] }, canned: { returns: 1, delayMs: 2 } }),
);
const agents = {
    'one after the other':
        'const done = []; for (let i = 0; i < 3; i++) done.push(await act(i), await canned()); export default done;',
    'side by side':
        'const done = await Promise.all([act(0), act(1), canned(), act(2)]); export default [done, await act(3), Math.random()];',
    'with timers': `const sleep = (ms) => new Promise((go) => setTimeout(go, ms));
        const late = sleep(4).then(() => act('late')), first = await Promise.race([act('first'), sleep(60)]);
        export default [first, await late, await act('last').catch(String), new Date()];`,
};

const run = (...args) =>
    spawnSync(ISO4, ['run', '-g', at('globals.json'), ...args, at('agent.js')], { encoding: 'utf8', timeout: 60000 });
const ledger = () => (existsSync(at('ledger')) ? readFileSync(at('ledger'), 'utf8').split('\n').filter(Boolean) : []);
const exportsOf = (r) => JSON.stringify(JSON.parse(r.stdout).exports);
const codeOf = (r) => (r.stdout ? (JSON.parse(r.stdout).error?.code ?? 'ok') : `status ${r.status} ${r.signal ?? ''}`);

// The fault of a cut of the record, or undefined.
function check(record, end, counts) {
    const cut = record.subarray(0, end);
    const whole = cut.subarray(0, cut.lastIndexOf(10) + 1).toString();
    const begun = whole
        .split('\n')
        .filter((line) => line.includes('"name":"act"'))
        .map((line) => JSON.stringify(JSON.parse(line).args));
    writeFileSync(at('cut.jsonl'), cut, { mode: 0o600 });
    rmSync(at('ledger'), { force: true });
    const replayed = run('--replay', at('cut.jsonl'));
    if (ledger().length) return `the replay started ${ledger()}`;
    if (
        end === record.length
            ? codeOf(replayed) !== 'ok'
            : !['ok', 'ERR_REPLAY_DIVERGED', 'status 2 '].includes(codeOf(replayed))
    )
        return `the replay ended with ${codeOf(replayed)} ${replayed.stderr}`;
    const live = run('--replay', at('cut.jsonl'), '--on-miss=live', '--record', at('cut.jsonl'));
    const again = ledger().filter((args) => begun.includes(args));
    if (again.length) return `made again: ${again}`;
    if (new Set(ledger()).size !== ledger().length) return `made twice: ${ledger()}`;
    counts[codeOf(live)] = (counts[codeOf(live)] ?? 0) + 1;
    if (codeOf(live) !== 'ok')
        return ['ERR_REPLAY_DIVERGED', 'status 2 '].includes(codeOf(live))
            ? ''
            : `going on ended with ${codeOf(live)} ${live.stderr}`;
    rmSync(at('ledger'), { force: true });
    const replayedAgain = run('--replay', at('cut.jsonl'));
    return codeOf(replayedAgain) === 'ok' && exportsOf(replayedAgain) === exportsOf(live) && !ledger().length
        ? ''
        : `what went on is not replayed: ${codeOf(replayedAgain)} ${replayedAgain.stderr}`;
}

let number = 0;
function ok(pass, name, notes = []) {
    console.log(`${pass ? 'ok' : 'not ok'} ${++number} - ${name}`);
    if (!pass) for (const note of notes) console.log(`# ${String(note).trim()}`);
    process.exitCode ||= pass ? 0 : 1;
}
for (const [name, source] of Object.entries(agents)) {
    rmSync(at('run.jsonl'), { force: true });
    writeFileSync(at('agent.js'), source);
    run('--record', at('run.jsonl'));
    const record = readFileSync(at('run.jsonl'));
    const counts = {};
    const wrong = [];
    for (let end = 0; end < record.length + step; end += step) {
        const what = check(record, Math.min(end, record.length), counts);
        if (what) wrong.push(`${Math.min(end, record.length)}: ${what}`);
    }
    ok(!wrong.length, `calls ${name}: no call is made again`, wrong.slice(0, 10));
    ok(counts.ok > 1 && counts.ERR_REPLAY_DIVERGED > 0, `some went on, some could not: ${JSON.stringify(counts)}`);
}

// A byte that is changed is an error that says where, or a divergence, or another answer: never a call of the host's.
rmSync(at('ledger'), { force: true });
const record = readFileSync(at('run.jsonl'));
const wrong = [];
for (let i = 0; i < record.length; i += step) {
    const changed = Buffer.from(record);
    changed[i] ^= 1 + (i % 127);
    writeFileSync(at('changed.jsonl'), changed);
    const r = run('--replay', at('changed.jsonl'));
    const clear =
        r.status === 2
            ? /^iso4: (the record '.*(line \d+|is of|call \d+)|.*\n$)/.test(r.stderr) &&
              r.stderr.split('\n').length === 2
            : r.stdout !== '';
    if (ledger().length || !clear || ![0, 1, 2].includes(r.status))
        wrong.push(`${i}: ${r.status} ${r.signal} ${r.stderr} ${r.stdout.slice(0, 300)}`);
}
ok(!wrong.length, 'a changed byte starts nothing and is told in a line', wrong.slice(0, 10));
appendFileSync(at('run.jsonl'), '{"n":1}\n');
const after = run('--replay', at('run.jsonl'));
ok(
    after.status === 2 && /line \d+: the run has ended in the line above\n$/.test(after.stderr),
    'lines after the end are refused',
    [after.stderr],
);
console.log(`1..${number}`);
