// Milliseconds of each of `count` requests, one after the other, until the body is read.
const times = [];

for (let i = 0; i < count; i++) {
    const start = performance.now();
    await (await fetch(url)).json();
    times.push(performance.now() - start);
}
export default times;
