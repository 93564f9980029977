// SPDX-License-Identifier: MIT
// t-patches.mjs - a node-inspect-extracted that is not the one we know fails
// the build of the prelude instead of changing what the console prints.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesFolder } from '../../tools/packages.mjs';
import { done, is, ok, skip } from './harness.mjs';
import { changes, patchInspect } from '../../worker/prelude/inspect-patches.mjs';

const file = join(packagesFolder('prelude'), 'node-inspect-extracted/dist/inspect.js');

const failure = (source) => {
    try {
        patchInspect(source, './inspect-bindings.js');
        return 'no failure';
    } catch (error) {
        return error.message;
    }
};

if (!existsSync(file)) {
    skip('the package can be patched', 'npm ci has not been run in worker/prelude');
} else {
    const source = readFileSync(file, 'utf8');
    const text = patchInspect(source, './inspect-bindings.js');
    ok(text.startsWith('import{') && text.endsWith(' as formatArgs};\n'), 'the package becomes an ES module');
    ok(!/\bn\(\d+\)/.test(text), 'which needs none of its other modules', [/.{20}\bn\(\d+\).{20}/.exec(text)?.[0]]);
    is(new Set(changes.map(([why]) => why)).size, changes.length, 'every change says why');
    for (const [from, to] of [
        ['seen:[]', 'seen:new Array'],
        ['.splice(', '.toSpliced('],
        ['hexSlice', 'hexDump'],
        ['"config"', '"intl"'],
        ['AggregateError:', 'AggregateErrors:'],
        ['.stack}catch', '.trace}catch'],
    ]) {
        ok(
            /^node-inspect-extracted/.test(failure(source.replaceAll(from, to))),
            `another text for ${from} fails the build`,
        );
    }
}
done();
