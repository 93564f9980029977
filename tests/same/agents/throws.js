function inner() { throw new RangeError('thrown', { cause: new Error('why') }); }
await null;
inner();
