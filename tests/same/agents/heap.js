export default globalThis.heavy?.[299999] ?? null;
