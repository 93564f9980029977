console.log('look');
const [at, ...others] = globalThis.kept?.() ?? [];
export default [at && Math.abs(at - new Date()) < 60000, others, String(new Date(0)), Intl.DateTimeFormat().resolvedOptions().timeZone, new Date(0).getTimezoneOffset()];
