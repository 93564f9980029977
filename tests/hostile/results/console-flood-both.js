// expect: ok 0
// args: --max-stdout-bytes 1000 --max-stderr-bytes 100
// expect-jq: (.stdout | length) == 100 and (.stderr | length) == 10 and .droppedStdout == 99900 and .droppedStderr == 99990
for (let i = 0; i < 1e5; i++) { console.log('123456789'); console.error('123456789'); }
