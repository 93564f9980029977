// expect: ERR_CPU_TIMEOUT 1
console.log('before');
let o=[];for(let i=0;i<25;i++)o=[o,o];export default o;
