// expect: ERR_USER_CODE 1
// expect-jq: .error.name == "SyntaxError"
console.log('before');
for(;;)new RegExp("[\\p{L}--\\p{Lu}&&\\p{Script=Greek}]{1,200}","v").test("α");
