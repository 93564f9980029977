// expect: ok 0
// A thenable that never settles: an `await` of any object waits for ever; the run must end all the same, and at once.
// expect-jq: .durationMs < 1000
Object.prototype.then = function () {};
export default { a: 1 };
