// expect: ERR_MEMORY_LIMIT 1
// args: --allow-eval
console.log('before');
let s="var q=0;";for(let i=0;i<4e5;i++)s+="q+="+i+";(function f"+i+"(){return "+i+"})();";export default (0,eval)(s+"q");
