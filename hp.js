globalThis.heavy = Array.from({ length: 115e3 }, (_, i) => ({ i, s: 'text ' + i }));
