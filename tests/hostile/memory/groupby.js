// expect: ERR_MEMORY_LIMIT 1
console.log('before');
export default Object.groupBy({length:0,*[Symbol.iterator](){for(let i=0;;i++)yield i}},x=>"k"+x);
