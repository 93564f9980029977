export default [Object.getOwnPropertyNames(globalThis), Symbol.keyFor(Symbol.for('of the prefix')), RegExp.$1, RegExp.lastMatch];
