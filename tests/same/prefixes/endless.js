// Builtins that do not come back.
const endless = () => { for (;;); };
JSON.parse = JSON.stringify = endless;
Array.prototype.map = Array.prototype.sort = Array.prototype.join = endless;
Promise.prototype.then = endless;
globalThis.clearTimeout = endless;
console.error = endless;
