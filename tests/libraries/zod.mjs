// SPDX-License-Identifier: MIT
// All of zod, with its fifty languages.
import * as z from 'zod';

globalThis.z = z;
