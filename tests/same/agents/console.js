console.count(); console.count('a'); console.countReset(); console.count();
console.group('g'); console.info(new Map([[1, { a: [new Set([1])] }]])); console.groupEnd();
console.table([{ a: 1 }, { a: 2 }]); console.warn(new Error('shown')); console.assert(0, 'x'); console.dir({ a: { b: { c: { d: 1 } } } });
