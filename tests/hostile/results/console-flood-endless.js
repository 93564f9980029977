// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 300
// expect-jq: .droppedStdout > 0 and (.stdout | length > 1000)
for (;;) console.log('flood flood flood flood flood flood flood flood');
