// SPDX-License-Identifier: MIT
// A prefix of a few lines, used as it is.
const config = {
    currency: 'EUR',
    rates: new Map([
        ['standard', 0.19],
        ['reduced', 0.07],
    ]),
};

globalThis.gross = (net, rate = 'standard') => Math.round(net * (1 + config.rates.get(rate)) * 100) / 100;
globalThis.config = config;
