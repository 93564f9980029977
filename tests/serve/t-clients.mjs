// SPDX-License-Identifier: MIT
// t-clients.mjs - the clients in examples/serve run as they stand, each in fewer than 75 lines; that of Go and that of
// Rust where their compilers are installed. The client in iso4-serve(7) is run by t-docs.sh.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { done, iso4, ok, root, skip, tmp } from './lib.mjs';

const folder = path.join(root, 'examples/serve');
const env = { ...process.env, PATH: `${path.dirname(iso4)}:${process.env.PATH}`, GOCACHE: path.join(tmp, 'go') };
const run = (command, ...args) => spawnSync(command, args, { cwd: tmp, env, encoding: 'utf8', timeout: 500000 });
const there = (command, ...args) => run(command, ...args).status === 0;

const CLIENTS = {
    'client.py': [['python3', '--version'], '[4, 4]\nno such city\n', (file) => run('python3', file)],
    'client.ts': [[process.execPath, '--version'], '[4,4]\n"no such city"\n', (file) => run(process.execPath, file)],
    'client.go': [['go', 'version'], 'true map[default:[4 4]]\nfalse <nil>\n', (file) => run('go', 'run', file)],
    'client.rs': [
        ['rustc', '--version'],
        '[4,4]\n"no such city"\n',
        (file) => {
            const made = run('rustc', '-o', 'client-rs', file);
            return made.status === 0 ? run('./client-rs') : made;
        },
    ],
};
for (const name of fs.readdirSync(folder)) {
    const [compiler, output, start] = CLIENTS[name];
    const lines = fs.readFileSync(path.join(folder, name), 'utf8').split('\n').length - 1;
    ok(lines < 75, `${name} has ${lines} lines`);
    if (!there(...compiler)) {
        skip(`${name} runs`, `${compiler[0]} is not installed`);
        continue;
    }
    const ended = start(path.join(folder, name));
    ok(ended.stdout === output && ended.status === 0, `${name} runs`, ended.error, ended.stdout, ended.stderr);
}
done();
