// SPDX-License-Identifier: MIT
// What it costs that libraries are there.
import { chunk } from 'lodash-es';
import { z } from 'zod';

export default [typeof chunk, typeof z.object];
