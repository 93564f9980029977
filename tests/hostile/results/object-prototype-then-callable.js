// expect: ok 0
// A thenable that never settles: whoever awaits an object waits for ever; the run must end all the same, and at once.
// expect-jq: .durationMs < 1000
Object.prototype.then = function () {};
export default { a: 1 };
