// expect: ERR_MEMORY_LIMIT 1
console.log('before');
const s="hello wörld ".repeat(2**22);export default [...new Intl.Segmenter("en",{granularity:"grapheme"}).segment(s)].length;
