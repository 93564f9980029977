// The web's classes use no global that agent code can delete.
// expect: ok 0
// expect-jq: .exports.default == []
const { AbortSignal, Blob, Headers, Request, Response, TextDecoder, TextEncoder, URL, URLSearchParams, FormData, Event, structuredClone, crypto, performance, atob, btoa } = globalThis;
const { ownKeys, deleteProperty } = Reflect, world = globalThis, said = [];
for (const key of ownKeys(world)) deleteProperty(world, key);
const uses = {
    timeout: () => AbortSignal.timeout(5).aborted,
    any: () => AbortSignal.any([AbortSignal.abort()]).aborted,
    empty: () => new Response(null).bytes(),
    text: () => new Response('x').text(),
    form: () => new Response('a=b', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }).formData(),
    multipart: () => {
        const form = new FormData();
        form.append('a', new Blob(['x']), 'name');
        return new Response(form).formData();
    },
    stream: () => new Response(new Blob(['x']).stream()).arrayBuffer(),
    request: () => new Request('http://a/', { method: 'POST', body: 'x', headers: new Headers([['a', 'b']]) }).json().catch(() => 1),
    slice: () => new Blob(['abc']).slice(1, 2).text(),
    url: () => new URL('http://a/?b=c').searchParams.size + new URLSearchParams({ a: 'b' }).toString(),
    code: () => new TextDecoder('utf-16').decode(new TextEncoder().encode(atob(btoa('xy')))),
    clone: () => structuredClone({ a: [1, /a/, new Event('x').type] }),
    random: () => crypto.randomUUID() + performance.now(),
};
for (const name of ownKeys(uses)) {
    try {
        await uses[name]();
    } catch (e) {
        said.push(`${name}: ${e.message}`);
    }
}
export default said;
