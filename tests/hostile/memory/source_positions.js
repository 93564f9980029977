// expect-512: ok 0
// expect: ERR_MEMORY_LIMIT 1
// args: --allow-eval
console.log('before');
let s="";for(let i=0;i<3e5;i++)s+="function f"+i+"(a,b,c){if(a){return b+c}else{throw new Error()}}\n";(0,eval)(s);export default 1;
