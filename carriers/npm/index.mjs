// SPDX-License-Identifier: MIT
// index.mjs - where the program is, and a client of `iso4 serve` that uses it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Iso4 } from './client.mjs';

const platform = `iso4-linux-${process.arch}`;

/** The path of the native program. ISO4_PATH in the environment names another one. */
export function iso4Path() {
    if (process.env.ISO4_PATH) return process.env.ISO4_PATH;
    try {
        return join(createRequire(import.meta.url).resolve(`${platform}/package.json`), '../bin/iso4');
    } catch {
        const why =
            process.platform === 'linux'
                ? `the package ${platform} is not installed: npm install ${platform} (npm leaves it out with --omit=optional)`
                : `iso4 runs on Linux only, this is ${process.platform}`;
        throw new Error(`iso4: ${why}`);
    }
}

/** A started `iso4 serve` whose tools are functions of this process. */
export function serve(tools, ...options) {
    return new Iso4(tools, options, iso4Path());
}

export { Iso4 };
