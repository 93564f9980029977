// expect: ok 0
// expect-jq: .exports == {"default": {"$type": "regexp", "source": "a", "flags": "g"}} and .stdout == ["/a/g 'it''s'"] or .stdout == ["/a/g it's"]
RegExp.prototype.exec = () => { throw new Error('forged'); };
RegExp.prototype[Symbol.replace] = () => { throw new Error('forged'); };
RegExp.prototype.test = () => { throw new Error('forged'); };
Object.defineProperty(RegExp.prototype, 'source', { get() { throw new Error('forged'); } });
Object.defineProperty(RegExp.prototype, 'flags', { get() { throw new Error('forged'); } });
console.log(/a/g, "it's");
export default /a/g;
