// expect: ok 0
// expect-jq: .exports | keys == ["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"] and .["__proto__"] == 1
const a = 1;
export { a as '__proto__', a as 'constructor', a as 'hasOwnProperty', a as 'toString', a as 'valueOf' };
