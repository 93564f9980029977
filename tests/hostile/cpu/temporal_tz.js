// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let z=Temporal.ZonedDateTime.from("2020-01-01T00:00[America/New_York]");for(;;)z=z.add({hours:1}).getTimeZoneTransition("next")||z;
