export const a = 1;
await new Promise(() => {});
