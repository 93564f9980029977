// expect: ERR_CPU_TIMEOUT 1
// args: --cpu-time-ms 200
console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } });
