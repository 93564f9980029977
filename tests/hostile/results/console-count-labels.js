// expect: ok 0
for (let i = 0; i < 1e5; i++) console.count('label' + i);
