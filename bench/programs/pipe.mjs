// SPDX-License-Identifier: MIT
// pipe.mjs COUNT - the guest of a process that calls its host over pipes: a line of JSON out, a line of JSON in, COUNT times.

import process from 'node:process';

let left = Number(process.argv[2]);
let text = '';
const ask = () => process.stdout.write('{"method":"f","params":[]}\n');

process.stdin.setEncoding('utf8');
process.stdin.on('data', (data) => {
    text += data;
    for (let end; (end = text.indexOf('\n')) >= 0; text = text.slice(end + 1)) {
        JSON.parse(text.slice(0, end));
        if (--left > 0) ask();
        else process.exit();
    }
});
ask();
