// A prefix that keeps what agents shall not have, and what must not come twice.
globalThis.kept = { W: globalThis.WebAssembly, S: globalThis.SharedArrayBuffer, random: Array.from({ length: 100 }, Math.random) };
