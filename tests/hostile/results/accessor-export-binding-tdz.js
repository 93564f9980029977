// expect: ok 0
export let a = 1;
export { a as b };
a = 2;
