// expect: ok 0
const b = new ArrayBuffer(4);
export default (b.transferToImmutable ? b.transferToImmutable() : b);
