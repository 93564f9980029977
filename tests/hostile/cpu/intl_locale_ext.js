// expect: ERR_CPU_TIMEOUT 1
console.log('before');
new Intl.Locale("en-u-"+Array.from({length:20000},(_, i)=>"aaa"+(i%10)).join("-"));for(;;);
