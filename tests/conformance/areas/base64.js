// SPDX-License-Identifier: MIT
// atob and btoa. Compared with Node.js.

export const cases = [];
const see = (name, run) => cases.push([name, run]);

const texts = ['', 'a', 'ab', 'abc', 'abcd', 'abcde', '=', '==', '===', '====', 'a=', 'a==', 'a===', 'ab=', 'ab==', 'ab===', 'abc=', 'abc==', 'abcd=', 'abcd==', 'abcde=', 'abcde==', 'abcde===', 'abcdef==', 'abcdefg=', '=a', '=a=', 'a=b', 'a=b=', 'ab=c', 'ab=c=', 'ab==c', ' ', '\t', '\n', '\f', '\r', '\v', '\u00a0', '\u2000', ' abcd', 'ab cd', 'ab\tcd', 'ab\ncd', 'ab\fcd', 'ab\rcd', 'ab\vcd', 'abcd ', ' abcd===', 'abcd=== ', 'abcd ===', 'ab\u0000c', 'a', 'A', '+', '/', '+/+/', '-_-_', '____', 'ab-_', '\u0000nonsense', 'abcd\u0000', 'nonsense\u0000', 'YQ', 'YR', 'YQ==', 'YR==', ' YQ==', 'Y Q = =', 'YQ = =', '//', '/////', 'AAA', 'AAAA', 'zz', 'zzz', 'é', 'ÿÿÿÿ', '€', '🙂', '\ud800', 'a\u0300b', '12', '1', 'null', 'undefined', 'NaN', '1e1', '0x', '...', 'data:;base64,YQ=='];
for (const text of texts) {
    see(`atob ${JSON.stringify(text)}`, () => atob(text));
    see(`btoa ${JSON.stringify(text)}`, () => btoa(text));
}
for (const [shown, value] of [['undefined', undefined], ['null', null], ['7', 7], ['12', 12], ['1.5', 1.5], ['true', true], ['NaN', NaN], ['-0', -0], ['an object', {}], ['a list', ['abcd']], ['an object with toString', { toString: () => 'YQ==' }]]) {
    see(`atob of ${shown}`, () => atob(value));
    see(`btoa of ${shown}`, () => btoa(value));
}
for (let byte = 0; byte < 256; byte++) {
    const c = String.fromCharCode(byte);
    see(`btoa of byte ${byte}`, () => [btoa(c), btoa(`${c}x`), btoa(`x${c}y`), btoa(c.repeat(4))]);
    see(`there and back ${byte}`, () => atob(btoa(`ab${c}`)) === `ab${c}`);
    see(`atob with ${byte}`, () => atob(`YW${c}j`));
}
see('without an argument', () => atob());
see('btoa without an argument', () => btoa());
see('a symbol', () => btoa(Symbol('x')));
see('code and class of the error', () => {
    try {
        atob('a');
    } catch (error) {
        return [error.name, error.code, error instanceof DOMException];
    }
});
for (let length = 0; length < 50; length++) see(`length ${length}`, () => [btoa('x'.repeat(length)), atob('YWJj'.repeat(length)).length]);
