// The search for a name like the missing one reads names, not values.
// expect: ERR_USER_CODE 1
// expect-jq: .error.message == "consolee is not defined"
for (let i = 0; i < 10000; i++) Object.defineProperty(globalThis, 'consol' + i, { get() { throw new Error('forged'); }, configurable: true, enumerable: true });
consolee;
