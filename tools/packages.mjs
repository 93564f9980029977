// SPDX-License-Identifier: MIT
// packages.mjs - finds the npm packages that make has installed in the build folder, not beside the sources that use them:
// packages('prelude') is a require() that finds those of worker/prelude, and so on. MODULES in the environment names their
// folder, if it is not build/modules.

import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

export const modules = resolve(process.env.MODULES ?? join(import.meta.dirname, '../build/modules'));

export const packagesFolder = (name) => join(modules, name, 'node_modules');

export const packages = (name) => createRequire(join(modules, name, 'package.json'));
