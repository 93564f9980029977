// SPDX-License-Identifier: MIT
// Uses the parts that are made at their first use, after the fork: keys and signatures, ports, compression, patterns.
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const { subtle } = crypto;
const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const secret = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
const { port1, port2 } = new MessageChannel();
const heard = [];
port1.onmessage = ({ data }) => heard.push(data);
setTimeout(() => heard.push('timer'), 0);
port2.postMessage(new Map([[1, 'a message']]));
port2.postMessage('another');
await new Promise((done) => setTimeout(done, 5));
const gzip = new Blob(['text '.repeat(50)]).stream().pipeThrough(new CompressionStream('gzip'));
const how = { name: 'ECDSA', hash: 'SHA-256' };
const signature = await subtle.sign(how, pair.privateKey, new Uint8Array(3));
export const digest = hex(await subtle.digest('SHA-256', new Uint8Array(3)));
export const fits = await subtle.verify(how, pair.publicKey, signature, new Uint8Array(3));
export const lengths = [signature.byteLength, (await subtle.exportKey('raw', secret)).byteLength];
export const messages = heard;
export const compressed = hex(await new Response(gzip).arrayBuffer());
export const groups = new URLPattern({ pathname: '/:a/*' }).exec('https://example.com/x/y').pathname.groups;
export const agent = navigator.userAgent;
reportError(new RangeError('told'));
