// Evaluated once: the globals that every agent has beside the stubs of globals.json.
globalThis.config = { since: new Date('2026-02-01') };
