// SPDX-License-Identifier: MIT
// A sample agent: calls what real agents will call, so that the snapshot keeps it compiled. Its exports are dropped;
// what it changed on the global object would stay, so it changes nothing.

export default calculate('-(1 + 2) * 3 / 4 - 5');
