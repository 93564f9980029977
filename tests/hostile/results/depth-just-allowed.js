// 9,990 levels with the exports object itself.
// expect: ok 0
// expect-text: [[[[[[[[[[]]]]]]]]]]
let o = [];
for (let i = 0; i < 9988; i++) o = [o];
export default o;
