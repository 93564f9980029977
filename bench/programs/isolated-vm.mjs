// SPDX-License-Identifier: MIT
// isolated-vm.mjs - an isolate for each run, for library.mjs. The synchronous calls, which are the faster ones.

import { readFileSync, writeFileSync } from 'node:fs';

import { packages } from '../../tools/packages.mjs';

const ivm = packages('bench')('isolated-vm');

const snapshotOf = (prefix) => ivm.Isolate.createSnapshot([{ code: readFileSync(prefix, 'utf8') }]);

// A snapshot in a file serves programs that start a process for each run.
export function save(prefix, file) {
    writeFileSync(file, new Uint8Array(snapshotOf(prefix).copy()));
}

export function open(prefix, saved) {
    const snapshot = saved
        ? new ivm.ExternalCopy(new Uint8Array(readFileSync(saved)).buffer)
        : prefix
          ? snapshotOf(prefix)
          : undefined;

    return (code, { timeoutMs, memoryMb = 128 } = {}) => {
        const isolate = new ivm.Isolate({ memoryLimit: memoryMb, snapshot });
        try {
            return isolate.createContextSync().evalSync(code, { timeout: timeoutMs });
        } finally {
            if (!isolate.isDisposed) isolate.dispose(); // one that met its memory limit is
        }
    };
}

export async function calls(count) {
    const isolate = new ivm.Isolate();
    const context = isolate.createContextSync();
    const times = { awaited: [], sync: [] };

    context.global.setSync(
        'later',
        new ivm.Reference(() => {
            times.awaited.push(performance.now());
            return { id: 1 };
        }),
    );
    context.global.setSync(
        'now',
        new ivm.Callback(() => {
            times.sync.push(performance.now());
            return new ivm.ExternalCopy({ id: 1 }).copyInto();
        }),
    );
    await context.eval(
        `(async () => {
        for (let i = 0; i < ${count}; i++) await later.apply(undefined, [], { result: { promise: true, copy: true } });
    })()`,
        { promise: true },
    );
    context.evalSync(`for (let i = 0; i < ${count}; i++) now();`);
    return times;
}
