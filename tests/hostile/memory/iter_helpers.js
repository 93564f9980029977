// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default Iterator.from({next(){return{value:{a:1},done:false}}}).toArray();
