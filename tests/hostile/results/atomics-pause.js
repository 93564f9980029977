// expect: ok 0
for (let i = 0; i < 100; i++) Atomics.pause?.(1);
export default 1;
