// A prefix that breaks the realm that it shares with the agent, as far as a snapshot of it can be made.
for (const name of ['push', 'join', 'map', 'forEach', 'indexOf']) Array.prototype[name] = () => { throw new Error('forged'); };
JSON.stringify = () => '"forged"';
Promise.prototype.catch = () => { throw new Error('forged'); };
Function.prototype.call = () => { throw new Error('forged'); };
setTimeout(() => console.log('from a timer of the prefix'), 5);
setInterval(() => console.log('from a timer of the prefix'), 5);
globalThis.thrower = () => { throw Object.assign(new Error('from the prefix'), { code: 'ERR_INTERNAL' }); };
