// expect: ok 0
console.log('before');
export default new Array(2**32-1).join("").length;
