// SPDX-License-Identifier: MIT
// Logs more than fits: what fits is kept, what does not is counted, and the run goes on.

for (let i = 1; i <= 100000; i++) console.log('line', i);

export default 'done';
