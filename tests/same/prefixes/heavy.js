// Most of the budget of tests/t-same.sh is spent before a run begins.
globalThis.heavy = Array.from({ length: 3e5 }, (_, i) => ({ i, s: `text ${i}` }));
