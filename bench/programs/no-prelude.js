// SPDX-License-Identifier: MIT
// no-prelude.js - a prelude that defines nothing, for a base snapshot of V8's own objects only.
(() => {
    const nothing = () => undefined;
    const parts = { __proto__: null, nextTimer: () => -1, keptModules: () => [] };
    const known = { __proto__: null, Error };

    return () => new Proxy(parts, { get: (target, name) => target[name] ?? known[name] ?? nothing });
})();
