// expect: ERR_CPU_TIMEOUT 1
console.log('before');
const p=new Proxy({}, {ownKeys(){return Array.from({length:1e5},(_, i)=>"k"+i)},getOwnPropertyDescriptor(){return{configurable:true,enumerable:true,value:1}}});for(;;)Object.keys(p);
