// expect: ERR_CPU_TIMEOUT 1
console.log('before');
BigInt("9".repeat(10000000));for(;;);
