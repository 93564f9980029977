// SPDX-License-Identifier: MIT
// build.mjs - bundle the prelude: node build.mjs OUT.js
//
// As `esbuild main.js --bundle --format=iife --global-name=prelude
// --minify-syntax --minify-whitespace --legal-comments=none --target=esnext`
// would, with one plugin: node-inspect-extracted is read through
// inspect-patches.mjs. The result defines `prelude.default`.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { patchInspect } from './inspect-patches.mjs';
import { patchStreams } from './streams-patches.mjs';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

const inspectPlugin = {
    name: 'inspect',
    setup(builder) {
        builder.onResolve({ filter: /^node-inspect-extracted$/ }, () => ({
            path: createRequire(join(here, 'main.js')).resolve('node-inspect-extracted'),
        }));
        builder.onLoad({ filter: /node-inspect-extracted.dist.inspect\.js$/ }, async ({ path }) => ({
            contents: patchInspect(await readFile(path, 'utf8'), join(here, 'inspect-bindings.js')),
        }));
    },
};

const streamsPlugin = {
    name: 'streams',
    setup(builder) {
        builder.onLoad({ filter: /web-streams-polyfill.dist.ponyfill\.mjs$/ }, async ({ path }) => ({
            contents: patchStreams(await readFile(path, 'utf8'), join(here, 'web/streams-bindings.js')),
        }));
    },
};

const [, , outfile] = process.argv;
if (outfile === undefined) {
    console.error('usage: node build.mjs OUT.js');
    process.exit(2);
}
await build({
    absWorkingDir: here,
    entryPoints: [join(here, 'main.js')],
    outfile: resolve(outfile),
    bundle: true,
    format: 'iife',
    globalName: 'prelude',
    banner: { js: '"use strict";' }, // modules are strict, a script is not
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    target: 'esnext',
    plugins: [inspectPlugin, streamsPlugin],
});
