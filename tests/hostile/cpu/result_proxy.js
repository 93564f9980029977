// expect: ERR_EXPORT_NOT_SERIALIZABLE 1
console.log('before');
export default new Proxy({}, {ownKeys(){for(;;);}});
