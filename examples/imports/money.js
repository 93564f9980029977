// A source: the host's own code, for agents to import.
const rates = { EUR: 1, USD: 1.09, JPY: 170.5 };

console.log('money.js is evaluated');

export function convert(amount, from, to) {
    for (const currency of [from, to]) if (!(currency in rates)) throw new RangeError(`unknown currency: ${currency}`);
    return Math.round((amount / rates[from]) * rates[to] * 100) / 100;
}
