// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=Temporal.PlainDate.from("-271821-04-20").withCalendar("chinese");const b=Temporal.PlainDate.from("+275760-09-12").withCalendar("chinese");for(;;)a.until(b,{largestUnit:"months"});
