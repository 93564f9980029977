const made = [setTimeout(() => {}, 1), setInterval(() => {}, 1)].map(Number);
for (const one of made) clearTimeout(one);
await new Promise((yes) => setTimeout(yes, 5));
export default [made, globalThis.numbers ?? null];
