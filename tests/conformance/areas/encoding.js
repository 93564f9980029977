// SPDX-License-Identifier: MIT
// TextDecoder and TextEncoder: every label, every encoding with valid, broken and cut input, whole and in pieces. Compared
// with the decoders of a package that passes the tests of the web platform.

export const reference = '@exodus/bytes';
export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);

const encodings = {
    'utf-8': 'unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8',
    ibm866: '866 cp866 csibm866 ibm866',
    'iso-8859-2': 'csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2',
    'iso-8859-3': 'csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3',
    'iso-8859-4': 'csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4',
    'iso-8859-5': 'csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988',
    'iso-8859-6': 'arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987',
    'iso-8859-7': 'csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek',
    'iso-8859-8': 'csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual',
    'iso-8859-8-i': 'csiso88598i iso-8859-8-i logical',
    'iso-8859-10': 'csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6',
    'iso-8859-13': 'iso-8859-13 iso8859-13 iso885913',
    'iso-8859-14': 'iso-8859-14 iso8859-14 iso885914',
    'iso-8859-15': 'csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9',
    'iso-8859-16': 'iso-8859-16',
    'koi8-r': 'cskoi8r koi koi8 koi8-r koi8_r',
    'koi8-u': 'koi8-ru koi8-u',
    macintosh: 'csmacintosh mac macintosh x-mac-roman',
    'windows-874': 'dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874',
    'windows-1250': 'cp1250 windows-1250 x-cp1250',
    'windows-1251': 'cp1251 windows-1251 x-cp1251',
    'windows-1252': 'ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252',
    'windows-1253': 'cp1253 windows-1253 x-cp1253',
    'windows-1254': 'cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254',
    'windows-1255': 'cp1255 windows-1255 x-cp1255',
    'windows-1256': 'cp1256 windows-1256 x-cp1256',
    'windows-1257': 'cp1257 windows-1257 x-cp1257',
    'windows-1258': 'cp1258 windows-1258 x-cp1258',
    'x-mac-cyrillic': 'x-mac-cyrillic x-mac-ukrainian',
    gbk: 'chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk',
    gb18030: 'gb18030',
    big5: 'big5 big5-hkscs cn-big5 csbig5 x-x-big5',
    'euc-jp': 'cseucpkdfmtjapanese euc-jp x-euc-jp',
    'iso-2022-jp': 'csiso2022jp iso-2022-jp',
    shift_jis: 'csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis',
    'euc-kr': 'cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949',
    'utf-16be': 'unicodefffe utf-16be',
    'utf-16le': 'csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le',
    'x-user-defined': 'x-user-defined',
};
const names = Object.keys(encodings);
for (const name of names) {
    for (const label of encodings[name].split(' ')) {
        see(`label ${label}`, () => new TextDecoder(label).encoding, name);
        see(`label ${label}, spelled otherwise`, () => new TextDecoder(`\t\n\f\r ${label.toUpperCase()} `).encoding, name);
    }
}
for (const label of ['', 'utf', 'utf-7', 'utf-32', 'replacement', 'iso-2022-kr', 'hz-gb-2312', 'utf-8\0', '\u000butf-8', '\u00a0utf-8', 'utf−8', 'latin', 'x', 'unicode ', ' u t f-8', 'iso-8859-12', 'csiso2022kr', 'iso-2022-cn', 'iso-2022-cn-ext']) {
    see(`no label ${JSON.stringify(label)}`, () => new TextDecoder(label).encoding, ...(label.trim() === 'unicode' ? ['utf-16le'] : []));
}

// A small generator of numbers that is the same everywhere.
function numbers(seed) {
    let state = seed;
    return () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
}

function decode(label, bytes, options) {
    try {
        return new TextDecoder(label, options).decode(Uint8Array.from(bytes));
    } catch (error) {
        return error.name;
    }
}

// Whole, cut in two at every place, fatal.
function thoroughly(label, bytes) {
    const out = [decode(label, bytes), decode(label, bytes, { fatal: true })];
    for (let cut = 1; cut < bytes.length; cut++) {
        const decoder = new TextDecoder(label);
        const text =
            decoder.decode(Uint8Array.from(bytes.slice(0, cut)), { stream: true }) +
            decoder.decode(Uint8Array.from(bytes.slice(cut)), { stream: true }) +
            decoder.decode();
        if (text !== out[0]) out.push([cut, text]);
    }
    return out;
}

for (const name of names) {
    see(`${name}: each byte alone`, () => Array.from({ length: 256 }, (_, byte) => decode(name, [byte])));
    see(`${name}: each byte alone, fatal`, () => Array.from({ length: 256 }, (_, byte) => decode(name, [byte], { fatal: true })));
    see(`${name}: each byte between letters`, () => Array.from({ length: 256 }, (_, byte) => decode(name, [0x61, byte, 0x62, 0x63, 0x64])));
}
const multi = ['utf-8', 'utf-16le', 'utf-16be', 'gbk', 'gb18030', 'big5', 'euc-jp', 'iso-2022-jp', 'shift_jis', 'euc-kr'];
for (const name of multi) {
    for (let lead = 0x80; lead < 0x100; lead++) {
        see(`${name}: pairs after ${lead}`, () => Array.from({ length: 256 }, (_, trail) => decode(name, [lead, trail, 0x41])));
    }
    for (let seed = 1; seed <= 60; seed++) {
        see(`${name}: noise ${seed}`, () => {
            const next = numbers(seed);
            return thoroughly(name, Array.from({ length: 24 }, () => (next() & 3 ? 0x80 | (next() & 0x7f) : next() & 0x7f)));
        });
    }
}
for (let lead = 0x81; lead < 0xff; lead += 5) {
    see(`gb18030: four bytes after ${lead}`, () => {
        const out = [];
        for (let second = 0x30; second < 0x3a; second++) {
            for (let third = 0x81; third < 0xff; third += 7) out.push(decode('gb18030', [lead, second, third, 0x30 + (third % 10)]));
        }
        return out;
    });
    see(`euc-jp: three bytes after ${lead}`, () => Array.from({ length: 256 }, (_, trail) => decode('euc-jp', [0x8f, lead, trail])));
    see(`iso-2022-jp: two bytes after ${lead - 0x80}`, () =>
        Array.from({ length: 128 }, (_, trail) => decode('iso-2022-jp', [0x1b, 0x24, 0x42, lead - 0x80, trail, 0x1b, 0x28, 0x42, 0x61])),
    );
}
const escapes = [[0x1b], [0x1b, 0x24], [0x1b, 0x28], [0x1b, 0x28, 0x42], [0x1b, 0x28, 0x4a], [0x1b, 0x28, 0x49], [0x1b, 0x24, 0x40], [0x1b, 0x24, 0x42], [0x1b, 0x28, 0x58], [0x41], [0x5c, 0x7e], [0x30, 0x21], [0x0e], [0x80]];
for (let i = 0; i < escapes.length; i++) {
    for (let j = 0; j < escapes.length; j++) {
        for (const k of [7, 9, 3, 11]) {
            see(`iso-2022-jp: escapes ${i} ${j} ${k}`, () => thoroughly('iso-2022-jp', [...escapes[i], ...escapes[j], ...escapes[k], ...escapes[i]]));
        }
    }
}
const utf8 = [
    [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf], [0xe0, 0xa0, 0x80], [0xed, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf],
    [0xef, 0xbb, 0xbf], [0xef, 0xbb], [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x61], [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x8f, 0xbf, 0xbf], [0xf0, 0x90, 0x80, 0x80],
    [0xf4, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xf0, 0x9f, 0x98], [0xf0, 0x9f], [0xf0], [0xe2, 0x82], [0xe2, 0x82, 0xe2, 0x82, 0xac],
    [0xff], [0xfe], [0x80], [0xbf, 0x80], [0x61, 0x80, 0x62], [0xf0, 0x9f, 0x98, 0x80], [0xc3, 0xa4, 0xc3], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xe1, 0x80, 0xe2, 0xf0, 0x91, 0x92, 0xf1, 0xbf, 0x41],
];
for (const bytes of utf8) {
    see(`utf-8: ${bytes}`, () => thoroughly('utf-8', bytes));
    see(`utf-8 with its mark: ${bytes}`, () => [decode('utf-8', bytes, { ignoreBOM: true }), decode('utf-8', [0xef, 0xbb, 0xbf, ...bytes]), decode('utf-8', [0xef, 0xbb, 0xbf, ...bytes], { ignoreBOM: true })]);
}
for (const bytes of [[0xff, 0xfe, 0x61, 0], [0xfe, 0xff, 0, 0x61], [0x3d, 0xd8, 0, 0xde], [0, 0xd8], [0, 0xdc], [0, 0xd8, 0x61, 0], [0, 0xd8, 0, 0xd8, 0, 0xdc], [0x61], [0xff, 0xfe], [0xff], [0xff, 0xfe, 0xff, 0xfe]]) {
    see(`utf-16: ${bytes}`, () => [thoroughly('utf-16le', bytes), thoroughly('utf-16be', bytes), decode('utf-16le', bytes, { ignoreBOM: true })]);
}
see('a decoder is used again after an error', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    try {
        decoder.decode(Uint8Array.of(0xff));
    } catch {}
    return decoder.decode(Uint8Array.of(0x61));
});
see('a stream that is ended starts anew', () => {
    const decoder = new TextDecoder();
    return [decoder.decode(Uint8Array.of(0xf0, 0x9f), { stream: true }), decoder.decode(), decoder.decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))];
});
see('a mark in pieces', () => {
    const decoder = new TextDecoder();
    return [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf].map((byte) => decoder.decode(Uint8Array.of(byte), { stream: true }));
});
see('kinds of input', () => {
    const { buffer } = Uint8Array.of(0x61, 0x62, 0x63, 0x64);
    return [buffer, new DataView(buffer, 1), new Uint16Array(buffer, 2), new Uint8Array(buffer, 1, 2), undefined, new ArrayBuffer(2, { maxByteLength: 4 })].map((input) => new TextDecoder().decode(input));
});
for (const [shown, input] of [['null', null], ['a text', 'text'], ['a number', 1], ['an object', {}], ['a list', [1]]]) {
    see(`no input: ${shown}`, () => {
        try {
            return new TextDecoder().decode(input);
        } catch (error) {
            return error.name;
        }
    }, 'TypeError');
}
see('properties', () => {
    const a = new TextDecoder();
    const b = new TextDecoder('latin1', { fatal: 1, ignoreBOM: 'x' });
    return [a.encoding, a.fatal, a.ignoreBOM, b.encoding, b.fatal, b.ignoreBOM, new TextEncoder().encoding];
});
for (const text of ['', 'a', 'ä', '€', '🙂', '\ud800', '\udc00', 'a\ud800b', '\ud83d\ud83d\ude42', '\0', '\ufeff', 'a€'.repeat(10)]) {
    see(`encode ${escape(text)}`, () => new TextEncoder().encode(text));
    for (let room = 0; room < 8; room++) {
        see(`encodeInto ${room} bytes: ${escape(text)}`, () => {
            const to = new Uint8Array(room);
            return [new TextEncoder().encodeInto(text, to), to];
        });
    }
}
see('encode converts', () => [new TextEncoder().encode(1), new TextEncoder().encode(null), new TextEncoder().encode(undefined), new TextEncoder().encode()]);
