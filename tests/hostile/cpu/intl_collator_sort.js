// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const a=Array.from({length:1e5},(_, i)=>"ä"+i);const c=new Intl.Collator("de",{numeric:true});for(;;)a.sort(c.compare);
