// SPDX-License-Identifier: MIT
// The same with Node.js alone: node node.mjs LIBRARY.js AGENT.mjs
const [, , library, agent] = process.argv;

await import(library);
console.log(JSON.stringify((await import(agent)).default));
