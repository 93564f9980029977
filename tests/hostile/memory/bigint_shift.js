// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(let i=0n;;i++)a.push(1n<<(8n*2n**20n+i));
