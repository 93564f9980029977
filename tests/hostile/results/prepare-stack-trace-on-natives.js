// Whatever calls agent code, its call sites are the agent's own: no function, receiver, name or text of the runtime, in
// timers, microtasks, callbacks of the console and of builtins; with a prepareStackTrace of the agent's and without.
// expect: ok 0
// expect-jq: .exports.default == []
const found = new Set();
const own = new Set(['prepare-stack-trace-on-natives.js', undefined, null]);
const tell = (where, what) => { found.add(where + ': ' + String(what).slice(0, 60)); };
let sites;
Error.stackTraceLimit = 100;
const look = (where) => {
    sites = undefined;
    Error.prepareStackTrace = (error, given) => { sites = given; return 'mine'; };
    if (new Error('x').stack !== 'mine') tell(where, 'prepareStackTrace was not asked');
    for (const site of sites ?? []) {
        const self = site.getThis(), f = site.getFunction();
        if (typeof f === 'function') tell(where, f);
        if (self !== undefined && self !== null && typeof self !== 'object') tell(where, self);
        if (!own.has(site.getFileName())) tell(where, site.getFileName());
        if (!own.has(site.getScriptNameOrSourceURL())) tell(where, site.getScriptNameOrSourceURL());
        if (String(site).includes('iso4')) tell(where, site);
    }
    delete Error.prepareStackTrace;
    if (new Error('x').stack.includes('iso4')) tell(where, new Error('x').stack);
    const holder = {};
    Error.captureStackTrace(holder);
    if (holder.stack.includes('iso4')) tell(where, holder.stack);
};
look('top');
[1].forEach(() => look('builtin'));
queueMicrotask(() => look('microtask'));
const timer = setInterval(() => { look('interval'); clearInterval(timer); });
console.log({ [Symbol.for('nodejs.util.inspect.custom')]: () => look('inspect') });
console.log('%s', { toString() { look('format'); return 'x'; } });
console.log({ get [Symbol.toStringTag]() { look('tag'); return 'x'; } });
console.log(Object.defineProperty(new Error('x'), 'stack', { get() { look('stack'); return 's'; } }));
console.table([{ get a() { look('table'); return 1; } }]);
console.time({ toString() { look('label'); return 'x'; } });
setTimeout(() => look('timer'), { valueOf() { look('delay'); return 1; } });
await new Promise((wake) => setTimeout(wake, 20));
export default [...found];
