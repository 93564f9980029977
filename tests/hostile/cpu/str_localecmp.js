// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const s="ä".repeat(2**21),t="ä".repeat(2**21)+"x";for(;;)s.localeCompare(t,"de");
