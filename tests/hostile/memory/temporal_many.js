// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(let i=0;;i++)a.push(Temporal.ZonedDateTime.from("2020-03-08T01:30[America/New_York]").add({hours:i%1000}));
