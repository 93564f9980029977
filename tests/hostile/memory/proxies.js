// expect: ERR_MEMORY_LIMIT 1
console.log('before');
let p={};for(;;)p=new Proxy(p,{});
