// SPDX-License-Identifier: MIT
// Exports more than may leave the sandbox.

export default 'x'.repeat(100000);
