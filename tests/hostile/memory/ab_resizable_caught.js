// expect: ok 0
console.log('before');
const a=[];for(let i=0;i<400;i++)try{const b=new ArrayBuffer(8,{maxByteLength:4<<20});b.resize(4<<20);new Uint8Array(b).fill(1);a.push(b);}catch(e){if(e.name!=='RangeError')throw e;}
export default 1;
