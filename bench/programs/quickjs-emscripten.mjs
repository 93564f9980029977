// SPDX-License-Identifier: MIT
// quickjs-emscripten.mjs - a QuickJS runtime for each run, for library.mjs: an interpreter in WebAssembly.

import { readFileSync } from 'node:fs';

import { packages } from '../../tools/packages.mjs';

const { getQuickJS, shouldInterruptAfterDeadline } = packages('bench')('quickjs-emscripten');

export async function open(prefixFile) {
    const quickjs = await getQuickJS();
    const prefix = prefixFile ? readFileSync(prefixFile, 'utf8') : '';

    return (code, { timeoutMs, memoryMb } = {}) => {
        const runtime = quickjs.newRuntime();
        if (memoryMb) runtime.setMemoryLimit(memoryMb << 20);
        if (timeoutMs) runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + timeoutMs));
        const context = runtime.newContext();
        try {
            if (prefix) context.unwrapResult(context.evalCode(prefix)).dispose();
            const result = context.unwrapResult(context.evalCode(code));
            const value = context.dump(result);
            result.dispose();
            return value;
        } finally {
            context.dispose();
            runtime.dispose();
        }
    };
}

export async function calls(count) {
    const context = (await getQuickJS()).newContext();
    const times = { awaited: [], sync: [] };
    const answer = () => {
        const value = context.newObject();
        context.newNumber(1).consume((one) => context.setProp(value, 'id', one));
        return value;
    };
    const give = (name, f) =>
        context.newFunction(name, f).consume((handle) => context.setProp(context.global, name, handle));

    give('later', () => {
        times.awaited.push(performance.now());
        const promise = context.newPromise();
        answer().consume((value) => promise.resolve(value));
        return promise.handle;
    });
    give('now', () => {
        times.sync.push(performance.now());
        return answer();
    });
    context
        .unwrapResult(context.evalCode(`(async () => { for (let i = 0; i < ${count}; i++) await later(); })()`))
        .dispose();
    context.runtime.executePendingJobs();
    context.unwrapResult(context.evalCode(`for (let i = 0; i < ${count}; i++) now();`)).dispose();
    return times;
}
