// SPDX-License-Identifier: MIT
// rivals.mjs NAME COUNT [PREFIX.js] - what others take for the same: COUNT times code in a fresh world, one after the
// other; prints the milliseconds. many.mjs starts one of these for each processor.

import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const CODE = '[1, 2, 3].map((n) => n ** 2).join()';
const WANT = '1,4,9';
const [name, count, prefixFile] = process.argv.slice(2);
const prefix = prefixFile ? readFileSync(prefixFile, 'utf8') : '';

// Each gives a function that makes one run.
const rivals = {
    async 'isolated-vm'() {
        const { default: ivm } = await import('isolated-vm');
        const snapshot = prefix ? ivm.Isolate.createSnapshot([{ code: prefix }]) : undefined;

        return () => {
            const isolate = new ivm.Isolate({ memoryLimit: 128, snapshot });
            const value = isolate.createContextSync().evalSync(CODE);
            isolate.dispose();
            return value;
        };
    },
    async worker_threads() {
        const code = `${prefix}\n;require('node:worker_threads').parentPort.postMessage(${CODE})`;

        return () => new Promise((resolve, reject) => {
            let value;
            const worker = new Worker(code, { eval: true });
            worker.on('message', (v) => { value = v; }).on('error', reject).on('exit', () => resolve(value));
        });
    },
    async 'quickjs-emscripten'() {
        const { getQuickJS } = await import('quickjs-emscripten');
        const quickjs = await getQuickJS();

        return () => {
            const runtime = quickjs.newRuntime();
            const context = runtime.newContext();
            if (prefix) context.unwrapResult(context.evalCode(prefix)).dispose();
            const result = context.unwrapResult(context.evalCode(CODE));
            const value = context.dump(result);
            result.dispose();
            context.dispose();
            runtime.dispose();
            return value;
        };
    },
};

const run = await rivals[name]();
if (await run() !== WANT) throw new Error(`${name} does not compute`);
const start = performance.now();
for (let i = 0; i < Number(count); i++) await run();
console.log(performance.now() - start);
