// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=Temporal.PlainDate.from("-271821-04-20").withCalendar("islamic-umalqura");const b=Temporal.PlainDate.from("+275760-09-12").withCalendar("islamic-umalqura");for(;;)a.until(b,{largestUnit:"years"});
