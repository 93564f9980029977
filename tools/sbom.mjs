// SPDX-License-Identifier: MIT
// sbom.mjs VERSION LICENSES.txt... - the software bill of materials of an installed tree, as CycloneDX 1.6 JSON on standard
// output: Node.js, whose executable holds V8, the npm packages that LICENSES.txt name, and the libraries linked in.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [, , version, ...licenses] = process.argv;
const texts = licenses.map((file) => readFileSync(file, 'utf8')).join('\n');

const npm = [...texts.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d+\S*) \((.+)\)$/gm)].map(
    ([, name, of, license]) => ({
        type: 'library',
        name,
        version: of,
        licenses: [/ (OR|AND|WITH) /.test(license) ? { expression: license } : { license: { id: license } }],
        purl: `pkg:npm/${name.replace('@', '%40')}@${of}`,
    }),
);
if (npm.length === 0) throw new Error(`${licenses.join()} names no package`);

// Debian's name of the package, the name that pkg-config knows, the licence.
const LINKED = [
    ['libsodium', 'libsodium', 'ISC'],
    ['libuv1', 'libuv', 'MIT'],
    ['pcre2', 'libpcre2-8', 'BSD-3-Clause'],
    ['xxhash', 'libxxhash', 'BSD-2-Clause'],
];
const linked = LINKED.map(([name, module, license]) => ({
    type: 'library',
    name,
    version: execFileSync('pkg-config', ['--modversion', module], { encoding: 'utf8' }).trim(),
    licenses: [{ license: { id: license } }],
}));

const engine = {
    type: 'application',
    name: 'node',
    version: process.versions.node,
    description: `lib/iso4/v8-host: only V8 ${process.versions.v8} of it is started`,
    licenses: [{ license: { name: 'Node.js', url: 'https://github.com/nodejs/node/blob/main/LICENSE' } }],
    purl: `pkg:npm/node-linux-${process.arch}@${process.versions.node}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${process.versions.node}:*:*:*:*:*:*:*`,
};

const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: 'iso4', version, licenses: [{ license: { id: 'MIT' } }] } },
    components: [engine, ...npm, ...linked],
};
console.log(JSON.stringify(bill, null, 2));
