// SPDX-License-Identifier: MIT
// lib.mjs - what the tests of iso4 serve share: TAP, a server whose lines are checked against the schemas in share/, and
// patterns with wildcards.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packages } from '../../tools/packages.mjs';

export const root = path.join(import.meta.dirname, '../..');
export const build = process.env.B ?? path.join(root, 'build');
export const iso4 = process.env.ISO4 ?? path.join(build, 'bin/iso4');
export const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'iso4-serve.'));
process.on('exit', () => fs.rmSync(tmp, { recursive: true, force: true }));

// A machine that does other things, too, is slow: no test waits longer than it has to.
export const PATIENCE_MS = 120000;

// ---- TAP

let number = 0;
let failures = 0;
export function ok(pass, name, ...notes) {
    number++;
    if (!pass) failures++;
    console.log(`${pass ? 'ok' : 'not ok'} ${number} - ${name}`);
    if (!pass)
        for (const note of notes) for (const line of String(note).split('\n')) console.log(`# ${line}`.slice(0, 2000));
}
export const skip = (name, why) => console.log(`ok ${++number} - ${name} # SKIP ${why}`);
export function done() {
    console.log(`1..${number}`);
    process.exit(failures ? 1 : 0);
}

// ---- schemas

const Ajv2020 = packages('libraries')('ajv/dist/2020').default;
const ajv = new Ajv2020({ strict: false, allErrors: false });
for (const name of ['definitions', 'result', 'serve']) {
    const file = `${name}.schema.json`;
    ajv.addSchema(JSON.parse(fs.readFileSync(path.join(root, 'share', file), 'utf8')), file);
}
const schemas = new Map();
function schema(ref) {
    if (!schemas.has(ref)) schemas.set(ref, ajv.compile({ $ref: ref }));
    return schemas.get(ref);
}
// undefined, or why the value does not fit.
export function misfit(ref, value) {
    const validate = schema(ref);
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
}
const RESULTS = { initialize: 'initialize', prepare: 'prepare', release: 'release', run: 'run', check: 'check' };

// ---- a server

export class Server {
    // A server with options; or `attach`, a connection to one.
    constructor(args = [], { stdio = ['pipe', 'pipe', 'pipe'], attach } = {}) {
        this.child = attach
            ? { stdin: attach, stdout: attach, on() {} }
            : spawn(iso4, ['serve', ...args], { cwd: tmp, stdio });
        this.received = [];
        this.misfits = [];
        this.stderr = '';
        this.methods = new Map(); // of requests, by their ids
        this.input = this.child.stdin;
        this.waiting = [];
        this.ended = false;
        this.child.stderr?.on('data', (data) => (this.stderr += data));
        this.input?.on('error', () => {}); // it may have ended before us
        this.exit = new Promise((resolve) => this.child.on('exit', (code, signal) => resolve(signal ?? code)));
        if (this.child.stdout) this.#read(this.child.stdout);
    }

    #read(stream) {
        let pieces = [];
        stream.on('data', (data) => {
            let at = 0;
            for (let end; (end = data.indexOf(10, at)) >= 0; at = end + 1) {
                pieces.push(data.subarray(at, end));
                this.#line(Buffer.concat(pieces).toString());
                pieces = [];
            }
            if (at < data.length) pieces.push(data.subarray(at));
            this.#wake();
        });
        stream.on('end', () => {
            this.ended = true;
            if (pieces.length) this.misfits.push('a last line without its end');
            this.#wake();
        });
    }

    #line(line) {
        let message;
        try {
            message = JSON.parse(line);
        } catch {
            this.misfits.push(`not JSON: ${line.slice(0, 200)}`);
            return;
        }
        // eslint-disable-next-line no-control-regex -- what some readers end a line at
        if (/[\u0085\u2028\u2029\r]/.test(line))
            this.misfits.push(`a line with a line break in it: ${line.slice(0, 200)}`);
        const why = misfit('serve.schema.json#/$defs/fromServer', message);
        if (why) this.misfits.push(`${why}: ${line.slice(0, 300)}`);
        if (message.result !== undefined && this.methods.has(message.id)) {
            const other = misfit(
                `serve.schema.json#/$defs/${RESULTS[this.methods.get(message.id)]}Result`,
                message.result,
            );
            if (other) this.misfits.push(`${other}: ${line.slice(0, 300)}`);
        }
        if (message.method === undefined) this.methods.delete(message.id);
        this.received.push(message);
        this.onmessage?.(message);
    }

    #wake() {
        for (const w of this.waiting.splice(0)) w();
    }

    // Whatever it is; lines that should be sound are checked, too.
    write(text) {
        this.input.write(text);
    }

    note({ method, id }) {
        if (method && id !== undefined && !this.methods.has(id)) this.methods.set(id, method);
    }

    send(message) {
        this.note(message);
        this.write(`${JSON.stringify(message)}\n`);
    }

    end() {
        this.input.end();
    }

    // The first message not taken yet that fits; undefined when the output ends, or when patience does.
    async take(fits, ms = PATIENCE_MS) {
        const until = Date.now() + ms;
        for (;;) {
            const at = this.received.findIndex(fits);
            if (at >= 0) return this.received.splice(at, 1)[0];
            if (this.ended || Date.now() >= until) return undefined;
            await new Promise((resolve) => {
                const timer = setTimeout(resolve, Math.max(1, until - Date.now()));
                this.waiting.push(() => {
                    clearTimeout(timer);
                    resolve();
                });
            });
        }
    }

    answer(id) {
        return this.take((m) => m.id === id && m.method === undefined);
    }

    async request(method, params, id = `${method}-${++this.count || (this.count = 1)}`) {
        this.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
        return this.answer(id);
    }

    initialize(limits) {
        return this.request('initialize', {
            protocolVersion: 1,
            client: { name: 'test', version: '1' },
            capabilities: { tools: {} },
            ...(limits ? { limits } : {}),
        });
    }

    // The status, or a signal.
    async close() {
        this.end();
        return this.exit;
    }
}
