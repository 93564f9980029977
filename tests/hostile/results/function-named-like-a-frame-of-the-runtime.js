// expect: ERR_USER_CODE 1
// expect-jq: (.error.stack | split("\n") | length == 3) and (.stdout[0] | split("\n") | length == 3)
const f = () => {
    throw new Error('x');
};
Object.defineProperty(f, 'name', { value: 'f (iso4 runtime:1:1)' });
try {
    f();
} catch (e) {
    console.log(e);
}
f();
