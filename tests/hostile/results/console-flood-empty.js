// expect: ok 0
// args: --memory-mb 512 --cpu-time-ms 20000
// expect-jq: (.stdout | length) == 1048576 and .droppedStdout == 451424
for (let i = 0; i < 1500000; i++) console.log('');
