#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// iso4.mjs - starts the native program with the arguments, the streams and the end of this process.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { iso4Path } from './index.mjs';

const child = spawn(iso4Path(), process.argv.slice(2), { stdio: 'inherit' });
// The terminal sends its signals to both; iso4 decides what each one means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
    console.error(`iso4: cannot start ${iso4Path()}: ${error.message}`);
    process.exitCode = 3;
});
child.on('exit', (status, signal) => {
    process.exitCode = status ?? 128 + constants.signals[signal];
});
