// SPDX-License-Identifier: MIT
// crypto.subtle: what algorithms give, how keys come in and go out, what is refused and how. Compared with Node.js. What is
// random is compared by what it is good for.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);
const { subtle } = crypto;

const bytes = (length, seed = 1) => Uint8Array.from({ length }, (_, i) => (i * 7 + seed * 13) & 255);
const text = (string) => new TextEncoder().encode(string);
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
const url64 = (view) => btoa(String.fromCharCode(...view)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
const lengths = [0, 1, 15, 16, 17, 55, 56, 63, 64, 65, 127, 128, 1000];
const look = (key) => [key.type, key.extractable, key.algorithm, key.usages];

// ---- digest

for (const hash of hashes) {
    for (const length of lengths) see(`digest ${hash} of ${length} bytes`, async () => hex(await subtle.digest(hash, bytes(length))));
    see(`digest ${hash}, in small letters`, async () => hex(await subtle.digest(hash.toLowerCase(), bytes(3))));
    see(`digest ${hash} by object`, async () => hex(await subtle.digest({ name: hash }, bytes(3))));
    see(`digest ${hash} of a buffer`, async () => hex(await subtle.digest(hash, bytes(9).buffer)));
    see(`digest ${hash} of a part`, async () => hex(await subtle.digest(hash, bytes(9).subarray(2, 5))));
    see(`digest ${hash} of a DataView`, async () => hex(await subtle.digest(hash, new DataView(bytes(9).buffer, 3, 4))));
    see(`digest ${hash} of 16-bit numbers`, async () => hex(await subtle.digest(hash, Uint16Array.of(1, 2, 3))));
    see(`digest ${hash} gives a buffer`, async () => (await subtle.digest(hash, bytes(1))) instanceof ArrayBuffer);
}
for (const algorithm of ['SHA256', 'MD5', 'AES-GCM', '', 'HMAC', null, 1]) see(`digest ${algorithm}`, () => subtle.digest(algorithm, bytes(1)));
see('digest without a name', () => subtle.digest({}, bytes(1)));
see('digest of a text', () => subtle.digest('SHA-256', 'abc'));
see('digest of an array', () => subtle.digest('SHA-256', [1]));
see('digest without data', () => subtle.digest('SHA-256'));
see('digest rejects, it does not throw', () => subtle.digest('nothing', bytes(1)).then(() => 1, (e) => [e.name, e.code]));
see('digest copies what it is given', async () => {
    const data = bytes(4);
    const soon = subtle.digest('SHA-256', data);
    data.fill(0);
    return hex(await soon);
});

// ---- HMAC

for (const hash of hashes) {
    for (const length of [1, 20, 64, 65, 128, 200]) {
        see(`HMAC ${hash}, a key of ${length} bytes`, async () => {
            const key = await subtle.importKey('raw', bytes(length), { name: 'HMAC', hash }, true, ['sign', 'verify']);
            const mac = await subtle.sign('HMAC', key, bytes(50));
            const wrong = new Uint8Array(mac.slice());
            wrong[3] ^= 1;
            return [hex(mac), look(key), await subtle.verify('HMAC', key, mac, bytes(50)), await subtle.verify('HMAC', key, wrong, bytes(50))];
        });
        see(`HMAC ${hash}, verify what is too short, ${length}`, async () => {
            const key = await subtle.importKey('raw', bytes(length), { name: 'HMAC', hash }, true, ['sign', 'verify']);
            return subtle.verify('HMAC', key, bytes(5), bytes(50));
        });
        see(`HMAC ${hash} as JWK, ${length}`, async () => {
            const key = await subtle.importKey('raw', bytes(length), { name: 'HMAC', hash }, true, ['sign', 'verify']);
            return subtle.exportKey('jwk', key);
        });
    }
    see(`HMAC ${hash} from JWK`, async () => {
        const jwk = { kty: 'oct', k: url64(bytes(33)), alg: `HS${hash.slice(4)}`, ext: true, key_ops: ['sign'] };
        return look(await subtle.importKey('jwk', jwk, { name: 'HMAC', hash }, true, ['sign']));
    });
    see(`HMAC ${hash}, a new key`, async () => {
        const key = await subtle.generateKey({ name: 'HMAC', hash }, true, ['sign', 'verify']);
        return [look(key), (await subtle.exportKey('raw', key)).byteLength];
    });
    see(`HMAC ${hash}, a new key of 77 bits`, async () => {
        const key = await subtle.generateKey({ name: 'HMAC', hash, length: 72 }, true, ['sign']);
        return [look(key), (await subtle.exportKey('raw', key)).byteLength];
    });
}
see('HMAC without a hash', () => subtle.importKey('raw', bytes(8), { name: 'HMAC' }, true, ['sign']));
see('HMAC with an unknown hash', () => subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'MD5' }, true, ['sign']));
see('HMAC, empty', () => subtle.importKey('raw', bytes(0), { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']));
see('HMAC, a length that is too long', () => subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'SHA-1', length: 65 }, true, ['sign']));
see('HMAC, a length that is too short', () => subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'SHA-1', length: 56 }, true, ['sign']));
see('HMAC, no usages', () => subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'SHA-1' }, true, []));
see('HMAC, a wrong usage', () => subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'SHA-1' }, true, ['encrypt']));
see('HMAC, an unknown usage', () => subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'SHA-1' }, true, ['fly']));
see('HMAC, a key that may not sign', async () => subtle.sign('HMAC', await subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'SHA-1' }, true, ['verify']), bytes(1)));
see('HMAC, not extractable', async () => subtle.exportKey('raw', await subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])));
see('HMAC with a key of AES', async () => subtle.sign('HMAC', await subtle.importKey('raw', bytes(16), 'AES-CBC', true, ['encrypt']), bytes(1)));
see('usages are sorted, and each there once', async () => look(await subtle.importKey('raw', bytes(8), { name: 'HMAC', hash: 'SHA-1' }, true, ['verify', 'sign', 'verify'])));

// ---- AES

const modes = {
    'AES-CBC': { iv: bytes(16, 3) },
    'AES-CTR': { counter: bytes(16, 3), length: 64 },
    'AES-GCM': { iv: bytes(12, 3) },
};
for (const [name, how] of Object.entries(modes)) {
    for (const bits of [128, 192, 256]) {
        const key = (usages = ['encrypt', 'decrypt']) => subtle.importKey('raw', bytes(bits / 8, 5), name, true, usages);
        for (const length of [0, 1, 15, 16, 17, 100]) {
            see(`${name} ${bits}, ${length} bytes`, async () => {
                const sealed = await subtle.encrypt({ name, ...how }, await key(), bytes(length));
                return [hex(sealed), hex(await subtle.decrypt({ name, ...how }, await key(), sealed))];
            });
        }
        see(`${name} ${bits}, the key`, async () => look(await key()));
        see(`${name} ${bits}, JWK`, async () => subtle.exportKey('jwk', await key()));
        see(`${name} ${bits}, from JWK`, async () => {
            const jwk = { kty: 'oct', k: url64(bytes(bits / 8)), alg: `A${bits}${name.slice(4)}`, use: 'enc' };
            return look(await subtle.importKey('jwk', jwk, name, true, ['encrypt']));
        });
        see(`${name} ${bits}, a JWK for another`, () => subtle.importKey('jwk', { kty: 'oct', k: url64(bytes(bits / 8)), alg: 'A64GCM' }, name, true, ['encrypt']));
        see(`${name} ${bits}, a new key`, async () => {
            const made = await subtle.generateKey({ name, length: bits }, true, ['decrypt', 'encrypt']);
            return [look(made), (await subtle.exportKey('raw', made)).byteLength];
        });
    }
    see(`${name}, decrypt nonsense`, async () => subtle.decrypt({ name, ...how }, await subtle.importKey('raw', bytes(16), name, true, ['decrypt']), bytes(3)));
    see(`${name}, a key of 15 bytes`, () => subtle.importKey('raw', bytes(15), name, true, ['encrypt']));
    see(`${name}, a new key of 100 bits`, () => subtle.generateKey({ name, length: 100 }, true, ['encrypt']));
    see(`${name}, a new key without length`, () => subtle.generateKey({ name }, true, ['encrypt']));
    see(`${name}, a new key without usages`, () => subtle.generateKey({ name, length: 128 }, true, []));
    see(`${name}, a new key that signs`, () => subtle.generateKey({ name, length: 128 }, true, ['sign']));
    see(`${name}, without parameters`, async () => subtle.encrypt(name, await subtle.importKey('raw', bytes(16), name, true, ['encrypt']), bytes(1)));
    see(`${name}, a key that may not`, async () => subtle.encrypt({ name, ...how }, await subtle.importKey('raw', bytes(16), name, true, ['decrypt']), bytes(1)));
    see(`${name}, format spki`, () => subtle.importKey('spki', bytes(16), name, true, ['encrypt']));
    see(`${name}, format that is none`, () => subtle.importKey('text', bytes(16), name, true, ['encrypt']));
}
const aes = (name, usages = ['encrypt', 'decrypt']) => subtle.importKey('raw', bytes(16, 5), name, true, usages);
for (const length of [0, 1, 8, 15, 17]) see(`AES-CBC, an iv of ${length} bytes`, async () => subtle.encrypt({ name: 'AES-CBC', iv: bytes(length) }, await aes('AES-CBC'), bytes(1)));
for (const length of [16, 60, 128]) see(`AES-GCM, an iv of ${length} bytes`, async () => hex(await subtle.encrypt({ name: 'AES-GCM', iv: bytes(length) }, await aes('AES-GCM'), bytes(20))));
// Node.js refuses these; the standard does not.
for (const length of [1, 8])
    see(`AES-GCM, an iv of ${length} bytes, there and back`, async () => {
        const how = { name: 'AES-GCM', iv: bytes(length) };
        return hex(await subtle.decrypt(how, await aes('AES-GCM'), await subtle.encrypt(how, await aes('AES-GCM'), bytes(3))));
    }, '0d141b');
for (const tagLength of [32, 64, 96, 104, 112, 120, 128, 0, 8, 127, 256]) {
    see(`AES-GCM, a tag of ${tagLength} bits`, async () => {
        const how = { name: 'AES-GCM', iv: bytes(12), tagLength, additionalData: bytes(30) };
        const sealed = await subtle.encrypt(how, await aes('AES-GCM'), bytes(20));
        return [hex(sealed), hex(await subtle.decrypt(how, await aes('AES-GCM'), sealed))];
    });
}
for (let at = 0; at < 36; at += 5) {
    see(`AES-GCM, byte ${at} changed`, async () => {
        const sealed = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: bytes(12) }, await aes('AES-GCM'), bytes(20)));
        sealed[at] ^= 1;
        return subtle.decrypt({ name: 'AES-GCM', iv: bytes(12) }, await aes('AES-GCM'), sealed);
    });
}
see('AES-GCM, other additional data', async () => {
    const sealed = await subtle.encrypt({ name: 'AES-GCM', iv: bytes(12), additionalData: bytes(3) }, await aes('AES-GCM'), bytes(20));
    return subtle.decrypt({ name: 'AES-GCM', iv: bytes(12), additionalData: bytes(4) }, await aes('AES-GCM'), sealed);
});
// The counter is spent within the data.
for (const length of [1, 2, 7, 8, 9, 16, 33, 64, 65, 128]) {
    for (const ones of [1, 2, 16]) {
        see(`AES-CTR, ${length} bits of counter, ${ones} bytes of ones`, async () => {
            const counter = bytes(16, 9);
            counter.fill(255, 16 - ones);
            const sealed = await subtle.encrypt({ name: 'AES-CTR', counter, length }, await aes('AES-CTR'), bytes(32));
            return [hex(sealed), hex(await subtle.decrypt({ name: 'AES-CTR', counter, length }, await aes('AES-CTR'), sealed))];
        });
    }
}
for (const length of [0, 129, 1.5, -1, 256]) see(`AES-CTR, length ${length}`, async () => hex(await subtle.encrypt({ name: 'AES-CTR', counter: bytes(16), length }, await aes('AES-CTR'), bytes(16))));
see('AES-CTR, more blocks than the counter has numbers', async () => subtle.encrypt({ name: 'AES-CTR', counter: bytes(16), length: 2 }, await aes('AES-CTR'), bytes(65)), { threw: 'DOMException OperationError' });
see('AES-CTR, a short counter', async () => subtle.encrypt({ name: 'AES-CTR', counter: bytes(15), length: 8 }, await aes('AES-CTR'), bytes(16)));

// ---- derived bits

for (const hash of hashes) {
    for (const [iterations, length] of [[1, 128], [2, 256], [1000, 8], [100, 1024]]) {
        see(`PBKDF2 ${hash}, ${iterations}, ${length} bits`, async () => {
            const key = await subtle.importKey('raw', text('pässword'), 'PBKDF2', false, ['deriveBits']);
            return [look(key), hex(await subtle.deriveBits({ name: 'PBKDF2', hash, salt: bytes(16), iterations }, key, length))];
        });
    }
    for (const [salt, info, length] of [[0, 0, 256], [8, 5, 512], [100, 0, 8], [3, 100, 2040]]) {
        see(`HKDF ${hash}, salt ${salt}, info ${info}, ${length} bits`, async () => {
            const key = await subtle.importKey('raw', bytes(22), 'HKDF', false, ['deriveBits']);
            return hex(await subtle.deriveBits({ name: 'HKDF', hash, salt: bytes(salt), info: bytes(info) }, key, length));
        });
    }
    see(`HKDF ${hash}, too many bits`, async () => {
        const key = await subtle.importKey('raw', bytes(22), 'HKDF', false, ['deriveBits']);
        return subtle.deriveBits({ name: 'HKDF', hash, salt: bytes(1), info: bytes(1) }, key, 8 * 255 * 64 + 8);
    });
    see(`PBKDF2 ${hash} gives a key of AES`, async () => {
        const key = await subtle.importKey('raw', text('p'), 'PBKDF2', false, ['deriveKey']);
        const made = await subtle.deriveKey({ name: 'PBKDF2', hash, salt: bytes(8), iterations: 10 }, key, { name: 'AES-GCM', length: 256 }, true, ['encrypt']);
        return [look(made), hex(await subtle.exportKey('raw', made))];
    });
    see(`HKDF ${hash} gives a key of HMAC`, async () => {
        const key = await subtle.importKey('raw', bytes(9), 'HKDF', false, ['deriveKey']);
        const made = await subtle.deriveKey({ name: 'HKDF', hash, salt: bytes(8), info: bytes(0) }, key, { name: 'HMAC', hash }, true, ['sign']);
        return [look(made), hex(await subtle.exportKey('raw', made))];
    });
}
const password = (usages = ['deriveBits', 'deriveKey']) => subtle.importKey('raw', text('p'), 'PBKDF2', false, usages);
see('PBKDF2, an empty password', async () => hex(await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes(8), iterations: 2 }, await subtle.importKey('raw', bytes(0), 'PBKDF2', false, ['deriveBits']), 256)));
see('PBKDF2, no iterations', async () => subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes(8), iterations: 0 }, await password(), 256));
see('PBKDF2, 12 bits', async () => subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes(8), iterations: 1 }, await password(), 12));
see('PBKDF2, null bits', async () => subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes(8), iterations: 1 }, await password(), null));
see('PBKDF2, 0 bits', async () => (await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes(8), iterations: 1 }, await password(), 0)).byteLength);
see('PBKDF2 without salt', async () => subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', iterations: 1 }, await password(), 8));
see('PBKDF2 without hash', async () => subtle.deriveBits({ name: 'PBKDF2', salt: bytes(1), iterations: 1 }, await password(), 8));
see('PBKDF2, extractable', () => subtle.importKey('raw', text('p'), 'PBKDF2', true, ['deriveBits']));
see('PBKDF2, a key for keys only', async () => subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes(8), iterations: 1 }, await password(['deriveKey']), 8));
see('PBKDF2, JWK', () => subtle.importKey('jwk', { kty: 'oct', k: 'AAAA' }, 'PBKDF2', false, ['deriveBits']));
see('HKDF, an empty key', async () => hex(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: bytes(1), info: bytes(1) }, await subtle.importKey('raw', bytes(0), 'HKDF', false, ['deriveBits']), 256)));
see('HKDF makes no keys', () => subtle.generateKey('HKDF', false, ['deriveBits']));

// ---- pairs

const pairs = [
    ...['P-256', 'P-384', 'P-521'].map((namedCurve) => [{ name: 'ECDSA', namedCurve }, ['sign', 'verify']]),
    ...['P-256', 'P-384', 'P-521'].map((namedCurve) => [{ name: 'ECDH', namedCurve }, ['deriveBits', 'deriveKey']]),
    [{ name: 'Ed25519' }, ['sign', 'verify']],
    [{ name: 'X25519' }, ['deriveBits']],
    ...['RSASSA-PKCS1-v1_5', 'RSA-PSS'].map((name) => [{ name, modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }, ['sign', 'verify']]),
    [{ name: 'RSA-OAEP', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-1' }, ['encrypt', 'decrypt']],
];
const made = new Map();
const pairOf = (algorithm, usages) => {
    const key = JSON.stringify(algorithm);
    if (!made.has(key)) made.set(key, subtle.generateKey(algorithm, true, usages));
    return made.get(key);
};
const publicUsages = (usages) => usages.filter((usage) => usage === 'verify' || usage === 'encrypt');
const privateUsages = (usages) => usages.filter((usage) => !publicUsages(usages).includes(usage));
const shapeOf = (jwk) => Object.fromEntries(Object.entries(jwk).map(([key, value]) => [key, /^([xyd]|[nepq]|dp|dq|qi)$/.test(key) && key !== 'e' ? value.length > 10 : value]));
for (const [algorithm, usages] of pairs) {
    const name = `${algorithm.name} ${algorithm.namedCurve ?? ''}`.trim();
    see(`${name}, a new pair`, async () => {
        const { publicKey, privateKey } = await pairOf(algorithm, usages);
        return [look(publicKey), look(privateKey)];
    });
    see(`${name}, a new pair that is not extractable`, async () => {
        const { publicKey, privateKey } = await subtle.generateKey(algorithm, false, usages);
        return [publicKey.extractable, privateKey.extractable];
    });
    see(`${name}, a new pair without usages`, () => subtle.generateKey(algorithm, true, []));
    see(`${name}, a new pair for the wrong`, () => subtle.generateKey(algorithm, true, ['unwrapKey', 'sign', 'decrypt', 'deriveKey']));
    see(`${name}, JWK of the public half`, async () => shapeOf(await subtle.exportKey('jwk', (await pairOf(algorithm, usages)).publicKey)));
    see(`${name}, JWK of the private half`, async () => shapeOf(await subtle.exportKey('jwk', (await pairOf(algorithm, usages)).privateKey)));
    for (const format of ['spki', 'jwk', 'raw', 'pkcs8']) {
        see(`${name}, the public half out and in as ${format}`, async () => {
            const { publicKey } = await pairOf(algorithm, usages);
            const out = await subtle.exportKey(format, publicKey);
            const back = await subtle.importKey(format, out, algorithm, true, publicUsages(usages));
            const again = await subtle.exportKey(format, back);
            return [look(back), format === 'jwk' ? JSON.stringify(out) === JSON.stringify(again) : hex(out) === hex(again)];
        });
        see(`${name}, the private half out and in as ${format}`, async () => {
            const { privateKey } = await pairOf(algorithm, usages);
            const out = await subtle.exportKey(format, privateKey);
            const back = await subtle.importKey(format, out, algorithm, true, privateUsages(usages));
            const again = await subtle.exportKey(format, back);
            return [look(back), format === 'jwk' ? JSON.stringify(out) === JSON.stringify(again) : hex(out) === hex(again)];
        }, ...(format === 'raw' && !name.startsWith('RSA') ? [{ threw: 'DOMException InvalidAccessError' }] : [])); // Node.js: NotSupportedError
        see(`${name}, nonsense as ${format}`, () => subtle.importKey(format, format === 'jwk' ? { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } : bytes(40), algorithm, true, publicUsages(usages)));
        see(`${name}, nothing as ${format}`, () => subtle.importKey(format, format === 'jwk' ? {} : bytes(0), algorithm, true, publicUsages(usages)));
    }
    see(`${name}, the public half for private use`, async () => {
        const out = await subtle.exportKey('spki', (await pairOf(algorithm, usages)).publicKey);
        return subtle.importKey('spki', out, algorithm, true, privateUsages(usages));
    });
    see(`${name}, the private half without use`, async () => {
        const out = await subtle.exportKey('pkcs8', (await pairOf(algorithm, usages)).privateKey);
        return subtle.importKey('pkcs8', out, algorithm, true, []);
    });
    see(`${name}, a key with something behind it`, async () => {
        const out = new Uint8Array(await subtle.exportKey('spki', (await pairOf(algorithm, usages)).publicKey));
        const more = new Uint8Array(out.length + 1);
        more.set(out);
        return subtle.importKey('spki', more, algorithm, true, publicUsages(usages));
    }, { threw: 'DOMException DataError' });
    see(`${name}, a key is cloned`, async () => look(structuredClone((await pairOf(algorithm, usages)).privateKey)));
}

// ---- signatures

for (const [algorithm, usages] of pairs.filter(([, list]) => list.includes('sign'))) {
    const name = `${algorithm.name} ${algorithm.namedCurve ?? ''}`.trim();
    for (const hash of algorithm.name === 'ECDSA' ? hashes : ['SHA-256']) {
        const how = { name: algorithm.name, hash, saltLength: 20 };
        see(`${name}, ${hash}: signed, and verified`, async () => {
            const { publicKey, privateKey } = await pairOf(algorithm, usages);
            const signature = await subtle.sign(how, privateKey, bytes(100));
            const wrong = new Uint8Array(signature.slice(0));
            wrong[wrong.length - 1] ^= 1;
            return [
                signature.byteLength,
                await subtle.verify(how, publicKey, signature, bytes(100)),
                await subtle.verify(how, publicKey, wrong, bytes(100)),
                await subtle.verify(how, publicKey, signature, bytes(99)),
                await subtle.verify(how, publicKey, signature.slice(1), bytes(100)),
                await subtle.verify(how, publicKey, bytes(0), bytes(100)),
            ];
        });
    }
    const how = { name: algorithm.name, hash: 'SHA-256', saltLength: 20 };
    see(`${name}: signed with the public half`, async () => subtle.sign(how, (await pairOf(algorithm, usages)).publicKey, bytes(1)));
    see(`${name}: verified with the private half`, async () => subtle.verify(how, (await pairOf(algorithm, usages)).privateKey, bytes(64), bytes(1)));
}
see('ECDSA without a hash', async () => subtle.sign('ECDSA', (await pairOf(...pairs[0])).privateKey, bytes(1)));
see('RSA-PSS without a salt length', async () => subtle.sign('RSA-PSS', (await pairOf(...pairs[9])).privateKey, bytes(1)));
for (const saltLength of [0, 32, 94, 95, 200]) {
    see(`RSA-PSS, a salt of ${saltLength}`, async () => {
        const { publicKey, privateKey } = await pairOf(...pairs[9]);
        const signature = await subtle.sign({ name: 'RSA-PSS', saltLength }, privateKey, bytes(9));
        return subtle.verify({ name: 'RSA-PSS', saltLength }, publicKey, signature, bytes(9));
    });
}

// Signatures that are always the same, of keys that are written down.
const ed = { kty: 'OKP', crv: 'Ed25519', d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const rsa = {
    kty: 'RSA',
    n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
    e: 'AQAB',
    d: 'Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ',
    p: '4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc',
    q: 'uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc',
    dp: 'BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0',
    dq: 'h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU',
    qi: 'IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuMXTG2PM3jSxlFfUkmaBxOpDOWsbsBcj6aNLaNNCIwBeB0v3_MjVcXU1Q9MiQ3dYXLbdGCFSC04QHkhKGUqrEdnbGeUJ4k9cHE6c0qsxaIpqWhMrWR4ShUrhdQ7Ut0Q',
};
for (const message of ['', 'r', 'a longer message'])
    see(`Ed25519 of '${message}'`, async () => hex(await subtle.sign('Ed25519', await subtle.importKey('jwk', ed, 'Ed25519', false, ['sign']), text(message))));
for (const hash of hashes) {
    see(`RSASSA-PKCS1-v1_5 ${hash}`, async () => hex(await subtle.sign('RSASSA-PKCS1-v1_5', await subtle.importKey('jwk', rsa, { name: 'RSASSA-PKCS1-v1_5', hash }, false, ['sign']), text('m'))));
    see(`RSA key ${hash} out`, async () => subtle.exportKey('jwk', await subtle.importKey('jwk', rsa, { name: 'RSA-PSS', hash }, true, ['sign'])));
    see(`RSA key ${hash} as pkcs8`, async () => hex(await subtle.exportKey('pkcs8', await subtle.importKey('jwk', rsa, { name: 'RSA-PSS', hash }, true, ['sign']))));
}
const point = { kty: 'EC', crv: 'P-256', x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0', d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' };
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' };
for (const [what, change] of Object.entries({
    'as it is': {},
    'with alg ES256': { alg: 'ES256' },
    'with alg ES384': { alg: 'ES384' },
    'of another curve': { crv: 'P-384' },
    'of another kty': { kty: 'RSA' },
    'with another d': { d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM' },
    'with a short d': { d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9A' },
    'not on the curve': { y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4' },
    'not base64url': { x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHv+VEU' },
    'for use enc': { use: 'enc' },
    'for use sig': { use: 'sig' },
    'not extractable': { ext: false },
    'with key_ops': { key_ops: ['sign'] },
    'with other key_ops': { key_ops: ['verify'] },
    'with key_ops twice': { key_ops: ['sign', 'sign'] },
    'without x': { x: undefined },
}))
    see(`a JWK of P-256 ${what}`, async () => look(await subtle.importKey('jwk', { ...point, ...change }, ecdsa, true, ['sign'])));
see('P-256 as pkcs8', async () => hex(await subtle.exportKey('pkcs8', await subtle.importKey('jwk', point, ecdsa, true, ['sign']))));
see('P-256 as spki', async () => hex(await subtle.exportKey('spki', await subtle.importKey('jwk', { ...point, d: undefined }, ecdsa, true, ['verify']))));
see('P-256 as raw', async () => hex(await subtle.exportKey('raw', await subtle.importKey('jwk', { ...point, d: undefined }, ecdsa, true, ['verify']))));
see('an unknown curve', () => subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-257' }, true, ['sign']));
see('no curve', () => subtle.generateKey({ name: 'ECDSA' }, true, ['sign']));
see('Ed25519, halves that do not belong together', () => subtle.importKey('jwk', { ...ed, x: url64(bytes(32)) }, 'Ed25519', true, ['sign']));
see('Ed25519 as pkcs8', async () => hex(await subtle.exportKey('pkcs8', await subtle.importKey('jwk', ed, 'Ed25519', true, ['sign']))));

// ---- agreement

for (const [algorithm, usages] of pairs.filter(([, list]) => list.includes('deriveBits'))) {
    const name = `${algorithm.name} ${algorithm.namedCurve ?? ''}`.trim();
    const full = { 'ECDH P-256': 256, 'ECDH P-384': 384, 'ECDH P-521': 528, X25519: 256 }[name];
    for (const bits of [null, 0, 8, full, full + 8, full - 8]) {
        see(`${name}, both get the same ${bits} bits`, async () => {
            const a = await pairOf(algorithm, usages);
            const b = await subtle.generateKey(algorithm, true, usages);
            const one = await subtle.deriveBits({ name: algorithm.name, public: b.publicKey }, a.privateKey, bits);
            const two = await subtle.deriveBits({ name: algorithm.name, public: a.publicKey }, b.privateKey, bits);
            return [one.byteLength, hex(one) === hex(two)];
        });
    }
    see(`${name} without public`, async () => subtle.deriveBits(algorithm.name, (await pairOf(algorithm, usages)).privateKey, 8));
    see(`${name} with a private public`, async () => {
        const { privateKey } = await pairOf(algorithm, usages);
        return subtle.deriveBits({ name: algorithm.name, public: privateKey }, privateKey, 8);
    });
    see(`${name} with a key of another kind`, async () => {
        const { privateKey } = await pairOf(algorithm, usages);
        return subtle.deriveBits({ name: algorithm.name, public: (await pairOf(...pairs[0])).publicKey }, privateKey, 8);
    });
}
see('ECDH gives a key of AES', async () => {
    const a = await pairOf(...pairs[3]);
    return look(await subtle.deriveKey({ name: 'ECDH', public: a.publicKey }, a.privateKey, { name: 'AES-CBC', length: 128 }, false, ['decrypt']));
});

// ---- RSA-OAEP, wrapping

for (const length of [0, 1, 50, 86, 87]) {
    for (const label of [undefined, bytes(0), bytes(10)]) {
        see(`RSA-OAEP, ${length} bytes, label ${label?.length}`, async () => {
            const { publicKey, privateKey } = await pairOf(...pairs[10]);
            const how = { name: 'RSA-OAEP', ...(label && { label }) };
            const sealed = await subtle.encrypt(how, publicKey, bytes(length));
            return [sealed.byteLength, hex(await subtle.decrypt(how, privateKey, sealed))];
        });
    }
}
see('RSA-OAEP, another label', async () => {
    const { publicKey, privateKey } = await pairOf(...pairs[10]);
    const sealed = await subtle.encrypt({ name: 'RSA-OAEP', label: bytes(1) }, publicKey, bytes(5));
    return subtle.decrypt({ name: 'RSA-OAEP', label: bytes(2) }, privateKey, sealed);
});
for (const length of [16, 24, 32]) {
    see(`AES-KW of ${length} bytes`, async () => {
        const wrapping = await subtle.importKey('raw', bytes(length, 8), 'AES-KW', false, ['wrapKey', 'unwrapKey']);
        const key = await subtle.importKey('raw', bytes(length), 'AES-GCM', true, ['encrypt']);
        const wrapped = await subtle.wrapKey('raw', key, wrapping, 'AES-KW');
        const back = await subtle.unwrapKey('raw', wrapped, wrapping, 'AES-KW', 'AES-GCM', true, ['encrypt']);
        return [hex(wrapped), hex(await subtle.exportKey('raw', back)), look(back), look(wrapping)];
    });
}
see('AES-KW, changed', async () => {
    const wrapping = await subtle.importKey('raw', bytes(16, 8), 'AES-KW', false, ['wrapKey', 'unwrapKey']);
    return subtle.unwrapKey('raw', bytes(24), wrapping, 'AES-KW', 'AES-GCM', true, ['encrypt']);
});
see('AES-KW of 10 bytes', async () => {
    const wrapping = await subtle.importKey('raw', bytes(16, 8), 'AES-KW', false, ['wrapKey']);
    return subtle.wrapKey('raw', await subtle.importKey('raw', bytes(10), { name: 'HMAC', hash: 'SHA-1' }, true, ['sign']), wrapping, 'AES-KW');
});
for (const format of ['raw', 'jwk']) {
    see(`AES-GCM wraps ${format}`, async () => {
        const wrapping = await subtle.importKey('raw', bytes(16, 8), 'AES-GCM', false, ['wrapKey', 'unwrapKey']);
        const key = await subtle.importKey('raw', bytes(32), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
        const how = { name: 'AES-GCM', iv: bytes(12) };
        const wrapped = await subtle.wrapKey(format, key, wrapping, how);
        return look(await subtle.unwrapKey(format, wrapped, wrapping, how, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']));
    });
}
see('AES-GCM wraps a private key', async () => {
    const wrapping = await subtle.importKey('raw', bytes(16, 8), 'AES-GCM', false, ['wrapKey', 'unwrapKey']);
    const { privateKey } = await pairOf(...pairs[0]);
    const how = { name: 'AES-GCM', iv: bytes(12) };
    return look(await subtle.unwrapKey('pkcs8', await subtle.wrapKey('pkcs8', privateKey, wrapping, how), wrapping, how, ecdsa, false, ['sign']));
});
see('a key that is not extractable is not wrapped', async () => {
    const wrapping = await subtle.importKey('raw', bytes(16, 8), 'AES-KW', false, ['wrapKey']);
    return subtle.wrapKey('raw', await subtle.importKey('raw', bytes(16), 'AES-GCM', false, ['encrypt']), wrapping, 'AES-KW');
});

// ---- shape

see('crypto.subtle is the same each time', () => crypto.subtle === crypto.subtle);
see('SubtleCrypto() is no constructor', () => new SubtleCrypto());
see('CryptoKey() is no constructor', () => new CryptoKey());
see('a key has its class', async () => (await aes('AES-CBC')) instanceof CryptoKey);
see('a key shows the same object each time', async () => {
    const key = await aes('AES-CBC');
    return [key.algorithm === key.algorithm, key.usages === key.usages];
});
see('what a key shows changes nothing', async () => {
    const key = await aes('AES-CBC', ['encrypt']);
    key.usages.push('decrypt');
    key.algorithm.name = 'AES-GCM';
    return subtle.decrypt({ name: 'AES-CBC', iv: bytes(16) }, key, bytes(16));
});
for (const name of ['encrypt', 'decrypt', 'sign', 'verify', 'digest', 'generateKey', 'deriveKey', 'deriveBits', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey']) {
    see(`${name} needs its object`, () => subtle[name].call({}));
    see(`${name} needs arguments`, () => subtle[name]());
    see(`${name}, how many`, () => subtle[name].length);
}
see('a key that is none', () => subtle.sign('HMAC', {}, bytes(1)));
see('an unknown algorithm', () => subtle.generateKey('ROT13', true, ['encrypt']));
see('ECDH cannot sign', async () => subtle.sign('ECDH', (await pairOf(...pairs[3])).privateKey, bytes(1)));
