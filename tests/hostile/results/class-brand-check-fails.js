// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "TypeError"
class A { #x = 1; get a() { return this.#x; } }
export default Object.defineProperty({}, 'a', { ...Object.getOwnPropertyDescriptor(A.prototype, 'a'), enumerable: true });
