// A sourceURL cannot contain a blank.
// expect: ERR_USER_CODE 1
// expect-jq: .error.stack | split("\n") | length == 3 and all(.[1:][]; test("source-url-with-a-blank.js"))
function f() {
    throw new Error('x');
}
f();
//# sourceURL=iso4 runtime
