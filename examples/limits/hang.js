// SPDX-License-Identifier: MIT
// Waits for a promise that nothing resolves: fails at once, no limit has to be reached.

const answer = new Promise(() => {});

export default await answer;
