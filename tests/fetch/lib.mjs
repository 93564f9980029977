// SPDX-License-Identifier: MIT
// lib.mjs - what the tests of fetch share: TAP, servers on loopback, the program that fetches spoken to directly (as a
// worker would that has been taken over), and runs of iso4.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

export const build = process.env.B ?? path.join(import.meta.dirname, '../../build');
export const iso4 = process.env.ISO4 ?? path.join(build, 'bin/iso4');
const program = path.join(build, 'lib/iso4/fetch');
export const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'iso4-fetch.'));
process.on('exit', () => fs.rmSync(tmp, { recursive: true, force: true }));

let number = 0;
let failures = 0;
export function ok(pass, name, ...notes) {
    number++;
    if (!pass) failures++;
    console.log(`${pass ? 'ok' : 'not ok'} ${number} - ${name}`);
    if (!pass)
        for (const note of notes)
            console.log(`# ${typeof note === 'string' ? note : JSON.stringify(note)}`.slice(0, 3000));
}
export const is = (got, want, name) =>
    ok(
        JSON.stringify(got) === JSON.stringify(want),
        name,
        `got  ${JSON.stringify(got)}`,
        `want ${JSON.stringify(want)}`,
    );
export function done() {
    console.log(`1..${number}`);
    process.exit(failures ? 1 : 0);
}

// A server that listens; its port. `hit` counts the requests by path.
export function serve(handler, { host = '127.0.0.1', port = 0, make = http.createServer, options = {} } = {}) {
    const server = make(options, handler);
    return new Promise((resolve, reject) => {
        server.on('error', reject);
        server.listen(port, host, () => resolve({ port: server.address().port, server }));
    });
}

export const readAll = async (stream) => {
    const pieces = [];
    for await (const piece of stream) pieces.push(piece);
    return Buffer.concat(pieces);
};

// Answers with what the server saw.
export async function echo(request, response) {
    const body = await readAll(request);
    response.setHeader('content-type', 'application/json');
    response.end(
        JSON.stringify({
            method: request.method,
            url: request.url,
            headers: request.headers,
            raw: request.rawHeaders,
            body: body.toString('latin1'),
        }),
    );
}

// The program itself: rules, then a line for each request; resolves with the answers in the order of the requests.
export function ask(rules, requests, { before = [], patience = 20000 } = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, [], { env: {}, stdio: ['pipe', 'pipe', 'pipe'] });
        const answers = [];
        let text = '';
        let said = '';
        let count = 0;
        const timer = setTimeout(() => child.kill('SIGKILL'), patience);
        child.stderr.on('data', (data) => (said += data));
        child.stdout.on('data', (data) => {
            text += data;
            for (let end; (end = text.indexOf('\n')) >= 0; text = text.slice(end + 1)) {
                const answer = JSON.parse(text.slice(0, end));
                answers[answer.id - 1] = answer;
                if (++count === requests.length) child.stdin.end();
            }
        });
        child.on('error', reject);
        child.on('close', (code, signal) => {
            clearTimeout(timer);
            resolve({ answers, code, signal, said });
        });
        child.stdin.on('error', () => {});
        child.stdin.write(`${JSON.stringify({ method: 'rules', params: rules })}\n`);
        for (const line of before) child.stdin.write(`${line}\n`);
        requests.forEach((request, i) => {
            const params = [{ method: 'GET', headers: [], redirect: 'follow', ...request }];
            child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: i + 1, method: 'fetch', params })}\n`);
        });
    });
}

// iso4 run with a fetch definition and an agent; the servers of this process go on meanwhile.
export function run(definition, agent, { args = [], env = {}, more = {} } = {}) {
    const globals = path.join(tmp, 'globals.json');
    fs.writeFileSync(globals, JSON.stringify({ fetch: { fetch: definition }, ...more }));
    fs.writeFileSync(path.join(tmp, 'agent.js'), agent);
    return new Promise((resolve) => {
        const child = spawn(iso4, ['run', '--compact', '-g', globals, ...args, path.join(tmp, 'agent.js')], {
            env: { PATH: process.env.PATH, ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        let out = '';
        let err = '';
        child.stdout.on('data', (data) => (out += data));
        child.stderr.on('data', (data) => (err += data));
        child.on('close', (status) => {
            let result = null;
            try {
                result = JSON.parse(out);
            } catch {
                // a usage error
            }
            resolve({ status, result, exports: result?.exports, out, err });
        });
    });
}

// A test authority and a certificate of its for these names; paths and texts.
export function certificates(names) {
    const at = (name) => path.join(tmp, name);
    const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl(
        'req',
        '-x509',
        ...key,
        '-keyout',
        at('ca.key'),
        '-out',
        at('ca.pem'),
        '-subj',
        '/CN=Test CA',
        '-days',
        '2',
    );
    openssl('req', ...key, '-keyout', at('server.key'), '-out', at('server.csr'), '-subj', '/CN=server');
    fs.writeFileSync(at('ext'), `subjectAltName=${names.join(',')}\n`);
    openssl(
        'x509',
        '-req',
        '-in',
        at('server.csr'),
        '-CA',
        at('ca.pem'),
        '-CAkey',
        at('ca.key'),
        '-CAcreateserial',
        '-out',
        at('server.pem'),
        '-days',
        '2',
        '-extfile',
        at('ext'),
    );
    return { ca: at('ca.pem'), key: fs.readFileSync(at('server.key')), cert: fs.readFileSync(at('server.pem')) };
}
