// expect: ERR_CPU_TIMEOUT 1
console.log('before');
((1n<<40000000n)-1n).toString();for(;;);
