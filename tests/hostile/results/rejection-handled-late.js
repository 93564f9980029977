// expect: ok 0
const p = Promise.reject(new Error('late'));
await null;
p.catch(() => {});
export default 1;
