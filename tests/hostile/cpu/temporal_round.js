// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const d=Temporal.Duration.from({nanoseconds:Number.MAX_SAFE_INTEGER});for(;;)d.round({largestUnit:"years",relativeTo:"2020-01-01"});
