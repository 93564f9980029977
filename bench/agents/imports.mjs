// SPDX-License-Identifier: MIT
// An agent that uses libraries declared as imports.
import { groupBy, sumBy } from 'lodash-es';
import { z } from 'zod';

const Row = z.object({ kind: z.enum(['a', 'b']), amount: z.number() });
const rows = Array.from({ length: 20 }, (_, i) => Row.parse({ kind: i % 2 ? 'a' : 'b', amount: i }));
const groups = groupBy(rows, 'kind');

export default { a: sumBy(groups.a, 'amount'), b: sumBy(groups.b, 'amount') };
