// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const a=[];for(;;)a.push(new Intl.NumberFormat("ar-EG",{style:"currency",currency:"EUR"}));
