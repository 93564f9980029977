// SPDX-License-Identifier: MIT
// CompressionStream and DecompressionStream: formats, pieces of any size, data that is not right. Compared with Node.js;
// where it does otherwise than the standard, the case states the result.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);

const formats = ['gzip', 'deflate', 'deflate-raw'];
const text = (string) => new TextEncoder().encode(string);
const bytes = (length) => Uint8Array.from({ length }, (_, i) => (i * i * 31 + i * 7) & 255);
const samples = {
    nothing: bytes(0),
    'one byte': bytes(1),
    'a text': text('a text that is a text'),
    'a long text': text('one of many lines\n'.repeat(5000)),
    '255 bytes': bytes(255),
    '100000 bytes': bytes(100000),
    zeros: new Uint8Array(300000),
};

// The output of a stream when these chunks are written to it, one after the other.
async function through(stream, chunks) {
    const writer = stream.writable.getWriter();
    const written = (async () => {
        for (const chunk of chunks) await writer.write(chunk);
        await writer.close();
    })();
    written.catch(() => {});
    const parts = [];
    for await (const part of stream.readable) parts.push(part);
    await written;
    return new Uint8Array(await new Blob(parts).arrayBuffer());
}
const pieces = (whole, size) => Array.from({ length: Math.ceil(whole.length / size) }, (_, i) => whole.slice(i * size, (i + 1) * size));
const compress = (format, chunks) => through(new CompressionStream(format), chunks);
const decompress = (format, chunks) => through(new DecompressionStream(format), chunks);
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

for (const format of formats) {
    for (const [name, data] of Object.entries(samples)) {
        see(`${format} of ${name}`, async () => Array.from(await compress(format, [data])).slice(0, 2000));
        see(`${format} of ${name}, there and back`, async () => same(await decompress(format, [await compress(format, [data])]), data));
        see(`${format} of ${name}, shorter`, async () => (await compress(format, [data])).length < data.length);
        for (const size of [1, 7, 1000]) {
            if (data.length / size > 2000) continue;
            see(`${format} of ${name} in pieces of ${size}`, async () => same(await decompress(format, [await compress(format, pieces(data, size))]), data));
            see(`${format} of ${name}, decompressed in pieces of ${size}`, async () => {
                const whole = await compress(format, [data]);
                return whole.length / size > 2000 || same(await decompress(format, pieces(whole, size)), data);
            });
        }
    }
    for (const at of [0, 1, 2]) {
        see(`${format} with an empty chunk at ${at}`, async () => {
            const chunks = [text('Hello'), text('Hello')];
            chunks.splice(at, 0, new Uint8Array(0));
            return new TextDecoder().decode(await decompress(format, [await compress(format, chunks)]));
        });
    }
    see(`${format}: output comes before the end`, async () => {
        const stream = new DecompressionStream(format);
        const whole = await compress(format, [bytes(200000)]);
        const writer = stream.writable.getWriter();
        writer.write(whole.slice(0, whole.length - 20)).catch(() => {});
        const { value } = await stream.readable.getReader().read();
        return value.length > 0;
    });
    see(`${format}: chunks are of Uint8Array`, async () => {
        const stream = new CompressionStream(format);
        const writer = stream.writable.getWriter();
        writer.write(bytes(10));
        writer.close();
        const { value } = await stream.readable.getReader().read();
        return Object.prototype.toString.call(value);
    });

    // ---- chunks of other kinds
    const kinds = { ArrayBuffer: bytes(20).buffer, DataView: new DataView(bytes(20).buffer, 3, 9), Uint16Array: Uint16Array.of(1, 2, 3), Float64Array: Float64Array.of(1.5), 'a part': bytes(20).subarray(3, 9), Int8Array: Int8Array.of(-1) };
    for (const [name, chunk] of Object.entries(kinds)) {
        see(`${format}, a chunk of ${name}`, async () => Array.from(await decompress(format, [await compress(format, [chunk])])));
        see(`${format}, decompress a chunk of ${name}`, async () => {
            const whole = await compress(format, [bytes(33)]);
            const padded = new Uint8Array(whole.length + 16);
            padded.set(whole, 8);
            const given = { ArrayBuffer: whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length), DataView: new DataView(padded.buffer, 8, whole.length), 'a part': padded.subarray(8, 8 + whole.length) }[name] ?? whole;
            return Array.from(await decompress(format, [given]));
        });
    }
    for (const [name, chunk] of Object.entries({ undefined: undefined, null: null, number: 3, text: 'text', object: {}, array: [1, 2], function: () => {} })) {
        see(`${format}: ${name} is no chunk`, () => compress(format, [chunk]), { threw: 'TypeError TypeError' });
        see(`${format}: ${name} is no chunk to decompress`, () => decompress(format, [chunk]), { threw: 'TypeError TypeError' });
    }

    // ---- data that is not right
    see(`${format}: nothing to decompress`, () => decompress(format, []), { threw: 'TypeError TypeError' });
    see(`${format}: an empty chunk to decompress`, () => decompress(format, [bytes(0)]), { threw: 'TypeError TypeError' });
    for (const missing of [1, 2, 5, 8]) {
        see(`${format}: ${missing} bytes are missing`, async () => decompress(format, [(await compress(format, [samples['a long text']])).slice(0, -missing)]), { threw: 'TypeError TypeError' });
    }
    for (const extra of [1, 10]) {
        see(`${format}: ${extra} bytes too many`, async () => {
            const whole = await compress(format, [samples['a text']]);
            const more = new Uint8Array(whole.length + extra);
            more.set(whole);
            return decompress(format, [more]);
        }, { threw: 'TypeError TypeError' });
        see(`${format}: ${extra} bytes too many, in a chunk of their own`, async () => decompress(format, [await compress(format, [samples['a text']]), new Uint8Array(extra)]), { threw: 'TypeError TypeError' });
    }
    see(`${format}: an empty chunk behind the end`, async () => (await decompress(format, [await compress(format, [samples['a text']]), bytes(0)])).length);
    for (const other of [...formats, 'text']) {
        if (other === format) continue;
        see(`${format}: the data is ${other}`, async () => decompress(format, [other === 'text' ? text('this is no compressed text') : await compress(other, [samples['a text']])]), { threw: 'TypeError TypeError' });
    }
    see(`${format}: the first byte is wrong`, async () => {
        const whole = await compress(format, [samples['a text']]);
        whole[0] ^= 0xff;
        return decompress(format, [whole]);
    }, { threw: 'TypeError TypeError' });
    see(`${format}: abort`, async () => {
        const stream = new CompressionStream(format);
        await stream.writable.abort(new RangeError('why'));
        return stream.readable.getReader().read();
    });
    see(`${format}: cancel`, async () => {
        const stream = new DecompressionStream(format);
        await stream.readable.cancel('why');
        return stream.writable.getWriter().write(bytes(1)).then(() => 'written', () => 'refused');
    }, 'refused');
    see(`${format}, by pipeThrough`, async () => {
        const there = new Blob([samples['a long text']]).stream().pipeThrough(new CompressionStream(format)).pipeThrough(new DecompressionStream(format));
        return same(new Uint8Array(await new Response(there).arrayBuffer()), samples['a long text']);
    });
    see(`${format}: the checksum is looked at`, async () => {
        const whole = await compress(format, [samples['a text']]);
        whole[whole.length - (format === 'gzip' ? 8 : 1)] ^= 1;
        return decompress(format, [whole]);
    }, ...(format === 'deflate-raw' ? [] : [{ threw: 'TypeError TypeError' }]));
}

// A file that gzip has made, with a name in it; and the longest header.
const named = Uint8Array.of(31, 139, 8, 8, 0, 0, 0, 0, 0, 3, 97, 46, 116, 120, 116, 0, 75, 44, 73, 173, 40, 81, 40, 73, 173, 40, 1, 0);
see('gzip with a name, cut off', () => decompress('gzip', [named]), { threw: 'TypeError TypeError' });
see('two gzips behind one another', async () => {
    const one = await compress('gzip', [text('one')]);
    return decompress('gzip', [one, one]);
}, { threw: 'TypeError TypeError' });

// ---- the classes

for (const name of ['CompressionStream', 'DecompressionStream']) {
    const Class = () => globalThis[name];
    for (const format of ['zip', '', 'GZIP', 'a', 'deflate ', null, undefined, 1, {}]) see(`${name} of ${String(format)}`, () => new (Class())(format), { threw: 'TypeError TypeError' });
    see(`${name} without a format`, () => new (Class())(), { threw: 'TypeError TypeError' });
    see(`${name} without new`, () => Class()('gzip'), { threw: 'TypeError TypeError' });
    see(`${name} takes what says the format`, () => new (Class())({ toString: () => 'gzip' }) instanceof Class());
    see(`${name}: name and tag`, () => [Class().name, Class().length, Class().prototype[Symbol.toStringTag]]);
    see(`${name}: halves`, () => {
        const stream = new (Class())('gzip');
        return [stream.readable instanceof ReadableStream, stream.writable instanceof WritableStream, stream.readable === stream.readable];
    });
    see(`${name}: halves are read-only`, () => {
        const stream = new (Class())('gzip');
        stream.readable = 1;
    }, { threw: 'TypeError TypeError' });
    see(`${name}: not cloned`, () => structuredClone(new (Class())('gzip')), { threw: 'DOMException DataCloneError' });
}
