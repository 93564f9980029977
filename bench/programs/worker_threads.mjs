// SPDX-License-Identifier: MIT
// worker_threads.mjs - a worker for each run, for library.mjs.

import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

export function open(prefixFile) {
    const prefix = prefixFile ? readFileSync(prefixFile, 'utf8') : '';

    return (code, { timeoutMs, memoryMb } = {}) =>
        new Promise((resolve, reject) => {
            let value;
            const worker = new Worker(
                `${prefix}\n;require('node:worker_threads').parentPort.postMessage(eval(${JSON.stringify(code)}))`,
                {
                    eval: true,
                    resourceLimits: memoryMb ? { maxOldGenerationSizeMb: memoryMb } : {},
                },
            );
            const timer = timeoutMs && setTimeout(() => worker.terminate(), timeoutMs);

            worker
                .on('message', (v) => {
                    value = v;
                })
                .on('error', reject)
                .on('exit', () => {
                    clearTimeout(timer);
                    if (value === undefined) reject(new Error('terminated'));
                    else resolve(value);
                });
        });
}

const ASKS = `
const { parentPort, workerData } = require('node:worker_threads');
let answer;
parentPort.on('message', (value) => answer(value));
(async () => {
    for (let i = 0; i < workerData; i++) {
        parentPort.postMessage([]);
        await new Promise((resolve) => { answer = resolve; });
    }
    parentPort.close();
})();`;

export function calls(count) {
    const times = { awaited: [] };

    return new Promise((resolve, reject) => {
        const worker = new Worker(ASKS, { eval: true, workerData: count });
        worker
            .on('message', () => {
                times.awaited.push(performance.now());
                worker.postMessage({ id: 1 });
            })
            .on('error', reject)
            .on('exit', () => resolve(times));
    });
}
