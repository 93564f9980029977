// SPDX-License-Identifier: MIT
// The order of timers, microtasks and promises; crypto and performance as far as they can be compared. With Node.js.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);
const caught = (run) => { try { return run(); } catch (e) { return [e.name, e.constructor.name]; } };
const order = (run, ms = 40) => new Promise((resolve) => { const log = []; run(log, (item) => () => log.push(item)); setTimeout(() => resolve(log), ms); });

see('by time', () => order((log, say) => { setTimeout(say(3), 9); setTimeout(say(1), 1); setTimeout(say(2), 5); }));
see('by turn', () => order((log, say) => { setTimeout(say(1), 5); setTimeout(say(2), 5); setTimeout(say(3), 5); }));
see('microtasks first', () => order((log, say) => { setTimeout(say('timer')); queueMicrotask(say('micro')); Promise.resolve().then(say('then')); log.push('now'); }));
see('microtasks in order', () => order((log, say) => { queueMicrotask(say(1)); Promise.resolve().then(say(2)); queueMicrotask(() => { log.push(3); queueMicrotask(say(5)); }); Promise.resolve().then(say(4)); }));
see('microtasks between timers', () => order((log, say) => { setTimeout(() => { log.push(1); queueMicrotask(say(2)); }, 1); setTimeout(() => { log.push(3); Promise.resolve().then(say(4)); }, 1); }));
see('a timer in a timer', () => order((log, say) => { setTimeout(() => { log.push(1); setTimeout(say(3), 0); }, 1); setTimeout(say(2), 1); }));
see('cleared', () => order((log, say) => { const id = setTimeout(say(1), 1); clearTimeout(id); setTimeout(say(2), 2); }));
see('cleared by another', () => order((log, say) => { setTimeout(() => { log.push(1); clearTimeout(id); }, 1); const id = setTimeout(say(2), 2); }));
see('interval', () => order((log) => { let n = 0; const id = setInterval(() => { log.push(++n); if (n === 3) clearInterval(id); }, 1); }));
see('clearTimeout for an interval', () => order((log) => { const id = setInterval(() => { log.push(1); clearTimeout(id); }, 1); }));
see('arguments', () => order((log) => { setTimeout((...args) => log.push(args), 1, 'a', 2, null); }));
see('await between', async () => { const log = []; const f = async (n) => { log.push(n); await null; log.push(n + 10); await null; log.push(n + 20); }; await Promise.all([f(1), f(2)]); return log; });
see('await and then', async () => { const log = []; const p = (async () => { await null; log.push('await'); })(); Promise.resolve().then(() => log.push('then')); await p; return log; });
for (const value of [undefined, null, 0, -1, 12345, 'x', NaN, {}]) see(`clear ${String(value)}`, () => { clearTimeout(value); clearInterval(value); return 'fine'; });
for (const value of [undefined, null, 5, {}]) {
    see(`setTimeout(${JSON.stringify(value)})`, () => caught(() => typeof setTimeout(value, 1)));
    see(`queueMicrotask(${JSON.stringify(value)})`, () => caught(() => queueMicrotask(value)));
}
see('no code from text', () => caught(() => setTimeout('1', 1)));

// ---- crypto

for (const Class of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array, Float32Array, Float64Array, DataView]) {
    see(`getRandomValues ${Class.name}`, () => caught(() => { const a = Class === DataView ? new DataView(new ArrayBuffer(8)) : new Class(64); return [crypto.getRandomValues(a) === a, a.some((x) => x != 0)]; }));
}
for (const length of [0, 65536, 65537]) see(`getRandomValues of ${length} bytes`, () => caught(() => crypto.getRandomValues(new Uint8Array(length)).length));
// A value that is no view is a TypeError in WebIDL; Node.js says TypeMismatchError.
for (const value of [undefined, null, 5, [], {}]) see(`getRandomValues(${JSON.stringify(value)})`, () => caught(() => crypto.getRandomValues(value)), ['TypeError', 'TypeError']);
see('a part of a buffer', () => { const buffer = new ArrayBuffer(64); crypto.getRandomValues(new Uint8Array(buffer, 16, 32)); const all = new Uint8Array(buffer); return [all.slice(0, 16).every((x) => x === 0), all.slice(16, 48).some((x) => x !== 0), all.slice(48).every((x) => x === 0)]; });
see('randomUUID', () => [/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), crypto.randomUUID() !== crypto.randomUUID()]);
see('many UUIDs', () => new Set(Array.from({ length: 1000 }, () => crypto.randomUUID())).size);
see('Crypto', () => [caught(() => new Crypto()), Object.prototype.toString.call(crypto), caught(() => Crypto.prototype.randomUUID.call({}))[0]]);
see('Math.random', () => { const all = Array.from({ length: 1000 }, Math.random); return [all.every((x) => x >= 0 && x < 1), new Set(all).size, Math.random.name, Math.random.length, caught(() => new Math.random())]; });
see('Math.random is even', () => { const n = new Array(16).fill(0); for (let i = 0; i < 64000; i++) n[Math.floor(Math.random() * 16)]++; return n.every((x) => x > 3600 && x < 4400); });

// ---- performance

see('performance.now grows', async () => { const a = performance.now(); await new Promise((r) => setTimeout(r, 3)); const b = performance.now(); return [typeof a, b - a >= 2]; });
see('timeOrigin', () => Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000);
see('performance', () => [Object.prototype.toString.call(performance), performance instanceof EventTarget, caught(() => new Performance()), typeof performance.toJSON().timeOrigin]);
