// random
console.log('one');
console.log('two', [1, { a: 2 }]);
export default globalThis.lines ?? null;
