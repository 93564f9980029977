export const values = [-0, NaN, 1n, undefined, new Date(NaN), /a/g, new Uint8Array(3), new Error('e'), new Map([[{}, 1]])];
export const text = `${0.1 + 0.2} ${1e21} ${123456.789}`;
export default class {}
