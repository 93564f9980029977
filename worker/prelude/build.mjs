// SPDX-License-Identifier: MIT
// build.mjs - bundle the prelude: node build.mjs OUT.js [LICENSES.txt]
//
// As `esbuild main.js --bundle --format=iife --global-name=prelude
// --minify --legal-comments=none --target=esnext` would, with three plugins:
// node-inspect-extracted is read through inspect-patches.mjs,
// web-streams-polyfill through streams-patches.mjs, our own classes of the web
// through brands.mjs, and what is made late through late.mjs. The result evaluates to main.js's install(). LICENSES.txt gets the licence of each package that is in
// the result.

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { packages, packagesFolder } from '../../tools/packages.mjs';
import { brandClasses } from './brands.mjs';
import { makeLate } from './late.mjs';
import { patchInspect } from './inspect-patches.mjs';
import { patchStreams } from './streams-patches.mjs';
import { patchPattern } from './urlpattern-patches.mjs';

const here = import.meta.dirname;
const require = packages('prelude');
const { build } = require('esbuild');

const inspectPlugin = {
    name: 'inspect',
    setup(builder) {
        builder.onResolve({ filter: /^node-inspect-extracted$/ }, () => ({
            path: require.resolve('node-inspect-extracted'),
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

const patternPlugin = {
    name: 'urlpattern',
    setup(builder) {
        builder.onResolve({ filter: /^urlpattern-polyfill$/ }, () => ({
            path: join(packagesFolder('prelude'), 'urlpattern-polyfill/dist/urlpattern.js'),
        }));
        builder.onLoad({ filter: /urlpattern-polyfill.dist.urlpattern\.js$/ }, async ({ path }) => ({
            contents: patchPattern(await readFile(path, 'utf8'), join(here, 'web/urlpattern-bindings.js')),
        }));
    },
};

const brandsPlugin = {
    name: 'brands',
    setup(builder) {
        builder.onLoad({ filter: /prelude.web.(late.)?[^/\\]*\.js$/ }, async ({ path }) => {
            const source = await readFile(path, 'utf8');
            const isLate = dirname(path) === join(here, 'web/late');
            const text = isLate ? makeLate(source, path) : source;
            return { contents: brandClasses(text, join(here, 'web/brand.js'), join(here, 'primordials.js')) };
        });
    },
};

const version = /ISO4_VERSION "(.*)"/.exec(await readFile(join(here, '../../core/version.h'), 'utf8'))[1];

const [, , outfile, licenses] = process.argv;
if (outfile === undefined) {
    console.error('usage: node build.mjs OUT.js [LICENSES.txt]');
    process.exit(2);
}
const { metafile } = await build({
    metafile: true,
    absWorkingDir: here,
    nodePaths: [packagesFolder('prelude')],
    entryPoints: [join(here, 'main.js')],
    outfile: resolve(outfile),
    bundle: true,
    format: 'iife',
    globalName: 'prelude',
    // Modules are strict, a script is not. The function keeps `prelude` from becoming a global.
    banner: { js: '(() => { "use strict";' },
    footer: { js: 'return prelude.default; })()' },
    minify: true, // every snapshot holds the text
    legalComments: 'none',
    target: 'esnext',
    define: { ISO4_VERSION: JSON.stringify(version) },
    plugins: [inspectPlugin, streamsPlugin, patternPlugin, brandsPlugin],
});

// Packages that are not bundled, but whose data is used: the worker's tables of encodings.
const bundled = new Set(['@exodus/bytes']);
for (const input of Object.keys(metafile.inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name !== undefined) bundled.add(name);
}

async function license(name) {
    const { version, license: terms } = JSON.parse(
        await readFile(join(packagesFolder('prelude'), name, 'package.json')),
    );
    const text = await readFile(join(packagesFolder('prelude'), name, 'LICENSE'), 'utf8');
    return `${name} ${version} (${terms})\n\n${text.trim()}\n`;
}

if (licenses !== undefined) {
    const texts = await Promise.all([...bundled].sort().map(license));
    await writeFile(
        licenses,
        'Parts of these packages are in base.snap and worker.so.\n\n' + texts.join(`\n${'-'.repeat(78)}\n\n`),
    );
}
