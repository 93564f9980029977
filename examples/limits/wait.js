// SPDX-License-Identifier: MIT
// Waits for an hour and uses no CPU time meanwhile: the wall time limit ends it.

await new Promise((resolve) => setTimeout(resolve, 3600000));
