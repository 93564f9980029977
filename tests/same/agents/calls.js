export default [await notify(1, [2]), settings, Object.keys(settings)];
