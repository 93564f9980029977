// SPDX-License-Identifier: MIT
// lib.mjs - what the tests of MCP share: TAP, a folder of their own, iso4 with upstreams.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');
export const build = process.env.B ?? path.join(root, 'build');
export const iso4 = process.env.ISO4 ?? path.join(build, 'bin/iso4');
export const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'iso4-mcp.'));
process.on('exit', () => fs.rmSync(tmp, { recursive: true, force: true }));

export const PATIENCE_MS = 120000;
export const upstream = path.join(import.meta.dirname, 'upstream.mjs');

let number = 0;
let failures = 0;
export function ok(pass, name, ...notes) {
    number++;
    if (!pass) failures++;
    console.log(`${pass ? 'ok' : 'not ok'} ${number} - ${name}`);
    if (!pass)
        for (const note of notes) {
            const said = typeof note === 'string' ? note : JSON.stringify(note);
            for (const line of String(said).split('\n')) console.log(`# ${line}`.slice(0, 2000));
        }
}
export function is(got, want, name, ...notes) {
    const [a, b] = [got, want].map((v) => (typeof v === 'string' ? v : JSON.stringify(v)));
    ok(a === b, name, `got  ${a}`, `want ${b}`, ...notes);
}
export const skip = (name, why) => console.log(`ok ${++number} - ${name} # SKIP ${why}`);
export function done() {
    console.log(`1..${number}`);
    process.exit(failures ? 1 : 0);
}

// A definition of the scripted server.
export const scripted = (script, more = {}) => ({
    command: process.execPath,
    args: [upstream, JSON.stringify(script)],
    ...more,
});

export function write(name, content) {
    const file = path.join(tmp, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
}

// The file of servers, for --mcp.
export const servers = (mcpServers, name = 'servers.json') => write(name, { mcpServers });

export function run(args, { input = '', env = {}, cwd = tmp } = {}) {
    const got = spawnSync(iso4, args, {
        cwd,
        input,
        env: { ...process.env, ...env },
        encoding: 'utf8',
        timeout: PATIENCE_MS,
        maxBuffer: 256 << 20,
    });
    const results = [];
    for (const line of (got.stdout ?? '').split('\n').filter(Boolean)) {
        try {
            results.push(JSON.parse(line));
        } catch {
            results.push(line);
        }
    }
    return { status: got.signal ?? got.status, stderr: got.stderr, result: results[0], results, stdout: got.stdout };
}

// The value of an agent's function body, or its error's code and message.
export function agent(code, args = [], options = {}) {
    const got = run(['run', ...args, '-e', code], options);
    if (got.status === 2) return `usage: ${got.stderr.trim()}`;
    if (!got.result?.ok) return `${got.result?.error?.code}: ${got.result?.error?.message}`;
    return got.result.exports.default;
}

export const lines = (file) =>
    fs.existsSync(file)
        ? fs
              .readFileSync(file, 'utf8')
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line))
        : [];
