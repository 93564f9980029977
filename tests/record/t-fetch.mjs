// SPDX-License-Identifier: MIT
// t-fetch.mjs - agents that fetch are recorded and replayed: bodies, refusals, waits that are given up, side by side. The
// replay reaches no server, and neither needs nor shows the secrets of the rules.
import fs from 'node:fs';
import path from 'node:path';
import { done, is, ok, readAll, run, serve, tmp } from '../fetch/lib.mjs';
import { timeless } from './programs.mjs';

let hits = 0;
const { port, server } = await serve(async (request, response) => {
    hits++;
    const body = await readAll(request);
    if (request.url === '/never') return;
    setTimeout(
        () => {
            response.setHeader('content-type', 'application/json');
            response.end(JSON.stringify({ url: request.url, body: body.toString(), hits }));
        },
        request.url === '/slow' ? 15 : 0,
    );
});
const secret = 's3cret-of-the-rule';
const definition = {
    allow: [
        {
            host: '127.0.0.1',
            ports: [port],
            schemes: ['http'],
            methods: ['GET', 'POST'],
            allowPrivate: true,
            headers: { authorization: { fromEnv: 'TOKEN' } },
        },
    ],
};
const at = `http://127.0.0.1:${port}`;
const agent = `const why = (e) => [e.name, e.message, e.reason ?? null];
const get = (url, init) => fetch('${at}' + url, init).then((r) => r.json()).catch(why);
export const all = await Promise.all([get('/slow'), get('/a', { method: 'POST', body: 'ü' + Math.random() }), get('/b')]);
export const first = await Promise.race([get('/slow'), get('/c')]);
export const refused = await fetch('http://10.0.0.1/').catch(why);
export const elsewhere = await fetch('https://evil.example/').catch(why);
export const late = await get('/never', { signal: AbortSignal.timeout(30) });
export const when = [Date.now(), performance.now()];`;

const record = path.join(tmp, 'run.jsonl');
const recorded = await run(definition, agent, { args: ['--record', record], env: { TOKEN: secret } });
const before = hits;
ok(before >= 6 && recorded.status === 0, 'the agent has fetched', recorded.err, recorded.out);
is(recorded.exports?.late?.[0], 'TimeoutError', 'and given one up');
ok(!fs.readFileSync(record, 'utf8').includes(secret), 'the secret is not in the record');
server.close();
server.closeAllConnections();
const replayed = await run(definition, agent, { args: ['--replay', record] });
is(replayed.exports, recorded.exports, 'the replay gives the same, without the server and the secret');
is(timeless(replayed.out), timeless(recorded.out), 'and the same list of calls, refusals included');
is(hits, before, 'nothing was fetched');
done();
