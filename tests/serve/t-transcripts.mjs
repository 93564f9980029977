// SPDX-License-Identifier: MIT
// t-transcripts.mjs - golden transcripts: tests/serve/*.txt.
//
//   # TEXT           a comment; the first line says what the transcript shows
//   $ ARG...         options of iso4 serve
//   $ FILE < TEXT    a file in the server's directory
//   > LINE           a line to the server; > <eof> ends its input, > <TERM> and > <KILL> are signals, > <initialize> the usual beginning
//   >N LINE          N such lines; {i} counts them, from 1
//   < LINE           a line of the server, with the wildcards of pattern.mjs
//   = STATUS         how the server ends; = 0 when the transcript does not say, after <eof>
//
// All lines that stand together have to come before the next one is sent: in the order of each run (lines with the same
// runId, or id), in any order of different ones. What else the server writes is a fault.
import fs from 'node:fs';
import path from 'node:path';
import { done, ok, Server, tmp } from './lib.mjs';
import { fill, fits, parse } from './pattern.mjs';

// The run or request of a message.
const keyOf = (m) => JSON.stringify(m.params?.runId ?? m.id ?? m.params?.id ?? null);

class Play {
    constructor(file) {
        this.lines = fs.readFileSync(file, 'utf8').split('\n');
        this.names = new Map();
        this.expected = [];
        this.args = [];
    }

    async #settle() {
        const pending = this.expected.splice(0);
        while (pending.length) {
            const got = await this.server.take(() => true);
            if (!got) return `line ${pending[0].line}: not received: ${pending[0].text}`;
            // The first that is expected of the same run; of an <any> id, the first that fits.
            const key = keyOf(got);
            const at = pending.findIndex((p) => {
                const k = keyOf(p.pattern);
                return k === key || (k.includes('\\u0001') && fits(p.pattern, got, new Map(this.names)));
            });
            if (at < 0) return `line ${pending[0].line}: not expected: ${JSON.stringify(got).slice(0, 1500)}`;
            if (!fits(pending[at].pattern, got, this.names))
                return `line ${pending[at].line}: expected ${pending[at].text}\nreceived ${JSON.stringify(got).slice(0, 1500)}`;
            pending.splice(at, 1);
        }
        return undefined;
    }

    #send(text) {
        const counted = /^(\d+) (.*)$/.exec(text);
        if (counted) {
            for (let i = 1; i <= Number(counted[1]); i++) this.server.write(`${counted[2].replaceAll('{i}', i)}\n`);
            return;
        }
        const line = fill(text.trimStart(), this.names);
        try {
            this.server.note(JSON.parse(line));
        } catch {
            // It is not meant to be one.
        }
        this.server.write(`${line}\n`);
    }

    #option(text) {
        const file = /^(\S+) < (.*)$/.exec(text);
        if (file) fs.writeFileSync(path.join(tmp, file[1]), `${file[2]}\n`);
        else this.args.push(...text.split(' '));
    }

    async #step(line, number) {
        const text = line.slice(1).trim();
        if (line.startsWith('<')) {
            this.expected.push({ pattern: parse(text), text, line: number });
            return undefined;
        }
        if (!/^[>=$]/.test(line)) return undefined;
        if (line.startsWith('$')) return this.#option(text);
        this.server ??= new Server(this.args);
        const failed = await this.#settle();
        if (failed) return failed;
        if (line.startsWith('=')) {
            const status = await this.server.exit;
            this.over = true;
            return String(status) === text ? undefined : `line ${number}: it ended with ${status}`;
        }
        if (text === '<initialize>') {
            const { result } = await this.server.initialize();
            return result ? undefined : `line ${number}: initialize failed`;
        }
        if (text === '<eof>') this.server.end();
        else if (/^<[A-Z]+>$/.test(text)) this.server.child.kill(`SIG${text.slice(1, -1)}`);
        else this.#send(line.slice(1).replace(/^ /, ''));
        return undefined;
    }

    async run() {
        for (const [i, line] of this.lines.entries()) {
            const failed = await this.#step(line, i + 1);
            if (failed) return failed;
        }
        const failed = await this.#settle();
        if (failed) return failed;
        if (!this.over) {
            const status = await this.server.close();
            if (status !== 0) return `it ended with ${status}: ${this.server.stderr}`;
        }
        if (this.server.received.length)
            return `more was received: ${JSON.stringify(this.server.received[0]).slice(0, 1500)}`;
        return this.server.misfits[0];
    }
}

const only = process.argv[2];
for (const name of fs.readdirSync(import.meta.dirname).sort()) {
    if (!name.endsWith('.txt') || (only && name !== only)) continue;
    const file = path.join(import.meta.dirname, name);
    const title = fs.readFileSync(file, 'utf8').split('\n')[0].replace(/^# /, '');
    const play = new Play(file);
    const failed = await play.run();
    ok(!failed, `${name}: ${title}`, failed, play.server?.stderr);
    play.server?.child.kill('SIGKILL');
}
done();
