// SPDX-License-Identifier: MIT
// build.mjs - bundle the stripper of types: node build.mjs OUT.js LICENSES.txt
//
// OUT.js is a prefix; LICENSES.txt gets the licence of the parser in it.

import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { packages, packagesFolder } from '../../tools/packages.mjs';

const here = import.meta.dirname;
const { build } = packages('prelude')('esbuild');

const [, , outfile, licenses] = process.argv;
if (licenses === undefined) {
    console.error('usage: node build.mjs OUT.js LICENSES.txt');
    process.exit(2);
}
await build({
    absWorkingDir: here,
    entryPoints: [join(here, 'main.js')],
    outfile: resolve(outfile),
    bundle: true,
    format: 'esm',
    minify: true, // the snapshot holds the text
    legalComments: 'none',
    target: 'esnext',
    nodePaths: [packagesFolder('typescript')],
});

const parser = join(packagesFolder('typescript'), '@babel/parser');
const { version, license } = JSON.parse(await readFile(join(parser, 'package.json')));
const text = await readFile(join(parser, 'LICENSE'), 'utf8');
await writeFile(
    licenses,
    `Parts of this package are in ts.snap.\n\n@babel/parser ${version} (${license})\n\n${text.trim()}\n`,
);
