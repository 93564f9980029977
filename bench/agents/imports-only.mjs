// SPDX-License-Identifier: MIT
// The cost of declared libraries that are not used.
import { chunk } from 'lodash-es';
import { z } from 'zod';

export default [typeof chunk, typeof z.object];
