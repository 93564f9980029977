// SPDX-License-Identifier: MIT
// sdk-server.mjs - a server made with the official SDK: legacy (version 1 of it), both (version 2) or modern (version 2, which
// refuses initialize). Run by packages.mjs.
import { packages } from '../../tools/packages.mjs';

const require = packages('mcp');
const how = process.argv[2];
const z = require('zod');
const tools = [
    [
        'add',
        'Adds',
        { a: z.number(), b: z.number() },
        ({ a, b }) => ({ content: [{ type: 'text', text: String(a + b) }] }),
    ],
    ['fail', 'Fails', {}, () => ({ content: [{ type: 'text', text: 'it failed' }], isError: true })],
    ['data', 'Data', { n: z.number() }, ({ n }) => ({ content: [], structuredContent: { n } }), { n: z.number() }],
];
const info = { name: how, version: '1.0.0' };

function fill(server, wrap) {
    for (const [name, description, input, call, output] of tools)
        server.registerTool(
            name,
            { description, inputSchema: wrap(input), ...(output && { outputSchema: wrap(output) }) },
            call,
        );
    return server;
}

if (how === 'legacy') {
    const { McpServer } = require('@modelcontextprotocol/sdk/server/mcp.js');
    const { StdioServerTransport } = require('@modelcontextprotocol/sdk/server/stdio.js');
    await fill(new McpServer(info), (shape) => shape).connect(new StdioServerTransport());
} else {
    const { McpServer } = require('@modelcontextprotocol/server');
    const { serveStdio } = require('@modelcontextprotocol/server/stdio');
    serveStdio(() => fill(new McpServer(info, { capabilities: { tools: {} } }), (shape) => z.object(shape)), {
        legacy: how === 'modern' ? 'reject' : 'serve',
    });
}
