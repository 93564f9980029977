// expect: ok 0
// expect-jq: .stdout == ["a", "b", "c"] and .stderr == ["d"]
const { log, error } = console;
log('a');
log.call(null, 'b');
Reflect.apply(log, { emit: () => { throw 1; } }, ['c']);
error('d');
