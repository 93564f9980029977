// SPDX-License-Identifier: MIT
// A prefix with code worth warming: a parser of arithmetic, and a table of what it has parsed.

function tokens(text) {
    return text.match(/\d+(?:\.\d+)?|[-+*/()]/g) ?? [];
}

// sum: product (('+' | '-') product)* · product: factor (('*' | '/') factor)* · factor: number | '(' sum ')' | '-' factor
class Parser {
    #tokens;
    #at = 0;

    constructor(text) {
        this.#tokens = tokens(text);
    }

    #next() {
        return this.#tokens[this.#at++];
    }

    #is(...operators) {
        return operators.includes(this.#tokens[this.#at]);
    }

    #factor() {
        const token = this.#next();
        if (token === '-') return -this.#factor();
        if (token !== '(') return Number(token);
        const value = this.sum();
        if (this.#next() !== ')') throw new SyntaxError('a parenthesis is not closed');
        return value;
    }

    #product() {
        let value = this.#factor();
        while (this.#is('*', '/')) value = this.#next() === '*' ? value * this.#factor() : value / this.#factor();
        return value;
    }

    sum() {
        let value = this.#product();
        while (this.#is('+', '-')) value = this.#next() === '+' ? value + this.#product() : value - this.#product();
        return value;
    }
}

globalThis.calculate = (text) => new Parser(text).sum();
