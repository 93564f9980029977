// SPDX-License-Identifier: MIT
// bridge.mjs - streamable HTTP in front of `iso4 mcp`, as little of it as the conformance suite needs: one process for
// each session of the legacy era, one for all requests of the modern one.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import http from 'node:http';

class Process {
    constructor(command, args, cwd) {
        this.child = spawn(command, args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
        this.waiting = new Map(); // of requests, by ids of our own
        this.last = 0;
        let rest = '';
        this.child.stdout.setEncoding('utf8').on('data', (data) => {
            const lines = (rest + data).split('\n');
            rest = lines.pop();
            for (const line of lines) {
                const message = JSON.parse(line);
                if (message.method) {
                    if (message.id !== undefined) this.asks?.(message);
                    continue;
                }
                const done = this.waiting.get(message.id);
                this.waiting.delete(message.id);
                done?.(message);
            }
        });
    }
    send(message) {
        this.child.stdin.write(`${JSON.stringify(message)}\n`);
    }
    // Clients of one process may use the same ids.
    ask(message) {
        const id = ++this.last;
        return new Promise((resolve) => {
            this.waiting.set(id, (answer) => resolve({ ...answer, id: message.id }));
            this.send({ ...message, id });
        });
    }
    end() {
        this.child.stdin.end();
    }
}

// The reason why the transport of the modern era has to refuse a request: a header that differs from the message.
function misfit(headers, { method, params }) {
    const version = params?._meta?.['io.modelcontextprotocol/protocolVersion'];
    if (typeof version !== 'string') return;
    if (headers['mcp-protocol-version']?.trim() !== version) return 'MCP-Protocol-Version differs from _meta';
    if (headers['mcp-method']?.trim() !== method) return 'Mcp-Method differs from the method';
    if (method === 'tools/call' && headers['mcp-name']?.trim() !== params.name) return 'Mcp-Name differs from the name';
}

const STATUS = { '-32601': 404, '-32022': 400, '-32021': 400, '-32020': 400, '-32700': 400, '-32600': 400 };

// `bearer`: the token that is asked for. `sse`: replies are event streams. `forget`: no session outlives so many requests.
// `away`: where everything is redirected to. `streams`: the reply to a call is an event stream that has what the server
// asks for, as it asks, and does not end; 'endless': it has no answer, but events without an end.
export async function bridge(command, args, cwd, { bearer, sse, forget = Infinity, away, streams } = {}) {
    let requests = 0;
    const sessions = new Map();
    let stateless;

    async function take(request, response, body) {
        const reply = (status, message, headers = {}) => {
            if (sse && message && status === 200) {
                response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...headers });
                response.write(': hello\r\nid: 1\r\ndata:\r\n\r\n');
                response.write('data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
                const text = JSON.stringify(message, null, 1).split('\n');
                return response.end(`${text.map((line) => `data: ${line}`).join('\r\n')}\r\n\r\n`);
            }
            response.writeHead(status, { 'content-type': 'application/json', ...headers });
            response.end(message && JSON.stringify(message));
        };
        if (away) return reply(307, undefined, { location: away });
        if (bearer && request.headers.authorization !== `Bearer ${bearer}`) return reply(401);
        if (request.method === 'DELETE') {
            sessions.get(request.headers['mcp-session-id'])?.end();
            return reply(sessions.delete(request.headers['mcp-session-id']) ? 200 : 404);
        }
        if (request.method !== 'POST') return reply(405);
        const message = JSON.parse(body);
        const session = request.headers['mcp-session-id'];
        if (message.method === 'initialize' && !message.params?._meta?.['io.modelcontextprotocol/protocolVersion']) {
            requests = 0;
            const id = randomUUID();
            sessions.set(id, new Process(command, args, cwd));
            return reply(200, await sessions.get(id).ask(message), { 'mcp-session-id': id });
        }
        if (session && (!sessions.has(session) || ++requests > forget)) {
            requests = 0;
            return reply(404);
        }
        const mismatch = session ? undefined : misfit(request.headers, message);
        if (mismatch)
            return reply(400, { jsonrpc: '2.0', id: message.id ?? null, error: { code: -32020, message: mismatch } });
        stateless ??= new Process(command, args, cwd);
        const process = sessions.get(session) ?? stateless;
        if (message.id === undefined || message.method === undefined) {
            process.send(message);
            return reply(202);
        }
        if (streams && message.method === 'tools/call') {
            const event = (data) => response.write(`event: message\r\ndata: ${JSON.stringify(data)}\r\n\r\n`);
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            process.asks = event;
            if (streams === 'endless') {
                const more = () => {
                    while (response.writable && response.write(`data: ${'x'.repeat(50000)}\n\n`));
                };
                response.on('drain', more);
                return more();
            }
            return event(await process.ask(message));
        }
        const answer = await process.ask(message);
        const envelope = answer.error?.code === -32602 && answer.error.message.includes('_meta');
        reply(session ? 200 : envelope ? 400 : (STATUS[answer.error?.code] ?? 200), answer);
    }

    const server = http.createServer((request, response) => {
        let body = '';
        request.setEncoding('utf8').on('data', (data) => (body += data));
        request.on('end', () =>
            take(request, response, body).catch((error) => {
                response.writeHead(400).end(String(error));
            }),
        );
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}/mcp`,
        close() {
            for (const process of sessions.values()) process.end();
            stateless?.end();
            server.close();
            server.closeAllConnections();
        },
    };
}

// By itself: node bridge.mjs '[COMMAND, ARGS, OPTIONS]' says its address.
if (process.argv[1] === import.meta.filename) {
    const [command, args, options] = JSON.parse(process.argv[2]);
    console.log((await bridge(command, args, process.cwd(), options)).url);
}
