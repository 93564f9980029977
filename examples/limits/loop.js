// SPDX-License-Identifier: MIT
// Never ends: the CPU time limit ends it.

function spin() {
    for (;;);
}

console.log('before the loop');
spin();
