// SPDX-License-Identifier: MIT
// encodings.mjs - the tables of https://encoding.spec.whatwg.org/ as a C header: encodings.mjs OUT.h
//
// They are read out of the decoders of @exodus/bytes, byte sequence by byte sequence, so that the worker needs neither
// that package nor a copy of the standard's index files. worker/web/decoder.cc has the decoders.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages, packagesFolder } from '../../tools/packages.mjs';

const { TextDecoder } = packages('prelude')('@exodus/bytes/encoding.js');
// The package does not export the labels.
const { default: labels } = await import(join(packagesFolder('prelude'), '@exodus/bytes/fallback/encoding.labels.js'));

const [, , outfile] = process.argv;
if (outfile === undefined) {
    console.error('usage: node encodings.mjs OUT.h');
    process.exit(2);
}

// Encodings that need special code come first; decoder.cc relies on the order of the first three.
const own = [
    'utf-8',
    'utf-16le',
    'utf-16be',
    'gbk',
    'gb18030',
    'big5',
    'euc-jp',
    'iso-2022-jp',
    'shift_jis',
    'euc-kr',
    'x-user-defined',
];
const single = Object.keys(labels).filter((name) => !own.includes(name) && name !== 'replacement');
const names = [...own, ...single];
const constant = (name) => `ENCODING_${name.toUpperCase().replaceAll('-', '_')}`;

const decoders = new Map();

// The code point of these bytes; 0 when they have none, or more than one.
function codePoint(encoding, ...bytes) {
    if (!decoders.has(encoding)) decoders.set(encoding, new TextDecoder(encoding, { ignoreBOM: true }));
    const points = [...decoders.get(encoding).decode(Uint8Array.from(bytes))];
    return points.length === 1 && points[0] !== '\ufffd' ? points[0].codePointAt(0) : 0;
}

const out = ['/* Made by worker/prelude/encodings.mjs. */', '#include <stdint.h>', ''];

function array(type, name, values) {
    out.push(`static const ${type} ${name}[${values.length}] = {`);
    for (let i = 0; i < values.length; i += 16) out.push(`    ${values.slice(i, i + 16).join(',')},`);
    out.push('};', '');
}

const table = (rows, columns, at) =>
    Array.from({ length: rows * columns }, (_, pointer) => at(Math.floor(pointer / columns), pointer % columns));

// A trail byte counts from 0x40 and leaves out 0x7f.
const trail = (column) => column + (column < 0x3f ? 0x40 : 0x41);

out.push('enum {', ...names.map((name) => `    ${constant(name)},`), '    ENCODINGS,');
out.push(`    ENCODING_SINGLE = ${constant(single[0])}`, '};', '');
out.push('static const char *const encoding_names[] = {', ...names.map((name) => `    "${name}",`), '};', '');
out.push('static const struct {', '    const char *label;', '    int encoding;', '} encoding_labels[] = {');
for (const name of names) {
    for (const label of [name, ...labels[name]]) out.push(`    {"${label}", ${constant(name)}},`);
}
out.push('};', '');
out.push(`static const uint16_t single_bytes[${single.length}][128] = {`);
for (const name of single) {
    const row = Array.from({ length: 128 }, (_, i) => codePoint(name, 0x80 + i));
    out.push(`    {${row.join(',')}},`);
}
out.push('};', '');
array(
    'uint16_t',
    'index_gb18030',
    table(126, 190, (row, column) => codePoint('gb18030', 0x81 + row, trail(column))),
);
array(
    'uint32_t',
    'index_big5',
    table(126, 157, (row, column) => codePoint('big5', 0x81 + row, column + (column < 0x3f ? 0x40 : 0x62))),
);
array(
    'uint16_t',
    'index_euc_kr',
    table(126, 190, (row, column) => codePoint('euc-kr', 0x81 + row, 0x41 + column)),
);
// JIS X 0208 through Shift_JIS, which has rows that EUC-JP cannot reach; two rows share a lead byte.
array(
    'uint16_t',
    'index_jis0208',
    table(60, 188, (row, column) => codePoint('shift_jis', row + (row < 0x1f ? 0x81 : 0xc1), trail(column))),
);
array(
    'uint16_t',
    'index_jis0212',
    table(94, 94, (row, column) => codePoint('euc-jp', 0x8f, 0xa1 + row, 0xa1 + column)),
);

// Four bytes of gb18030 for what is not in the table: runs of consecutive code points.
const ranges = [];
for (let pointer = 0, last = -1; pointer <= 39419; pointer++) {
    const bytes = [
        0x81 + Math.floor(pointer / 12600),
        0x30 + (Math.floor(pointer / 1260) % 10),
        0x81 + (Math.floor(pointer / 10) % 126),
        0x30 + (pointer % 10),
    ];
    const point = codePoint('gb18030', ...bytes);
    if (pointer === 7457) continue; // has a rule of its own
    if (point !== last + 1) ranges.push(`{${pointer}, ${point}}`);
    last = point;
}
out.push(
    `static const uint16_t gb18030_ranges[${ranges.length}][2] = {`,
    ...ranges.map((row) => `    ${row},`),
    '};',
    '',
);

writeFileSync(outfile, out.join('\n'));
