// Error.prepareStackTrace that counts, and symbols and caches of the whole isolate.
globalThis.prepared = 0;
Error.prepareStackTrace = (error, sites) => { prepared++; return `${error}: ${sites.length}`; };
globalThis.symbol = Symbol.for('of the prefix');
globalThis.expression = /(a+)(b)?/g;
'aab'.replace(expression, '');
