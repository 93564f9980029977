// Evaluated once: what every agent shall find beside the stubs of globals.json.
globalThis.config = { since: new Date('2026-02-01') };
