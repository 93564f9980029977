// SPDX-License-Identifier: MIT
// Keeps all that it makes: the memory limit ends it.

const all = [];

for (let i = 0; ; i++) all.push(new Array(100000).fill(i + 0.5));
