// SPDX-License-Identifier: MIT
// Request and Response: constructors, members, bodies in every form. Compared with Node.js.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);

const responseParts = ['type', 'url', 'redirected', 'status', 'ok', 'statusText', 'bodyUsed'];
const requestParts = ['method', 'url', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect', 'integrity', 'keepalive', 'isReloadNavigation', 'isHistoryNavigation', 'duplex', 'bodyUsed'];
const pick = (object, names) => names.map((name) => object[name]);
const hideBoundary = (text) => text.replaceAll(/-{4,}formdata[-\w]*/g, 'BOUNDARY');

// ---- Response

for (const status of [undefined, 0, 100, 101, 103, 199, 200, 201, 204, 205, 299, 300, 304, 404, 500, 599, 600, 65736, -1, 1.5, '201', 'x', NaN, null, true]) {
    for (const body of [undefined, null, '', 'x']) {
        see(`Response status ${String(status)} body ${JSON.stringify(body)}`, () => pick(new Response(body, { status }), responseParts));
    }
}
for (const statusText of [undefined, '', 'OK', 'a b', 'a\tb', 'ä', 'ÿ', 'Ā', '€', 'a\nb', '\0', 'a\rb', '\u007f', null, 5]) {
    see(`Response statusText ${JSON.stringify(statusText)}`, () => new Response(null, { statusText }).statusText);
}
for (const init of [undefined, null, {}, 5, 'x', []]) see(`Response init ${JSON.stringify(init)}`, () => pick(new Response('x', init), responseParts));
for (const url of ['http://a/', 'http://a/ä?b#c', 'nowhere', '', '/x', 'foo:bar']) {
    for (const status of [undefined, 301, 302, 303, 307, 308, 200, 304, 404, 'x']) {
        see(`Response.redirect ${url} ${status}`, () => {
            const r = Response.redirect(url, status);
            return [...pick(r, responseParts), r.headers.get('location'), r.body];
        });
    }
}
see('Response.redirect: fixed headers', () => Response.redirect('http://a/').headers.set('a', 'b'));
see('Response.error', () => [...pick(Response.error(), responseParts), Response.error().body]);
see('Response.error: fixed headers', () => Response.error().headers.append('a', 'b'));
for (const [shown, data] of [['an object', { a: [1, null] }], ['a text', 'x'], ['null', null], ['a number', 1], ['undefined', undefined], ['a function', () => {}], ['a symbol', Symbol('x')]]) {
    see(`Response.json of ${shown}`, async () => {
        const r = Response.json(data);
        return [r.status, r.headers.get('content-type'), await r.text()];
    });
}
see('Response.json of a circle', () => { const a = {}; a.a = a; return Response.json(a); });
see('Response.json with init', async () => {
    const r = Response.json({}, { status: 201, statusText: 'Made', headers: { 'content-type': 'x/y', a: 'b' } });
    return [r.status, r.statusText, [...r.headers], await r.text()];
});
for (const status of [204, 304, 101, 199, 600]) see(`Response.json with status ${status}`, () => Response.json(1, { status }).status);
see('Response.json without arguments', () => Response.json());

// ---- bodies

const bodies = {
    none: () => undefined,
    null: () => null,
    'empty text': () => '',
    text: () => 'ä€🙂',
    'lone surrogate': () => 'a\ud800',
    number: () => 12,
    object: () => ({ a: 1 }),
    ArrayBuffer: () => Uint8Array.of(1, 2, 255).buffer,
    Uint8Array: () => Uint8Array.of(0xef, 0xbb, 0xbf, 0x61),
    'part of a buffer': () => new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2),
    Uint16Array: () => Uint16Array.of(1, 258),
    DataView: () => new DataView(Uint8Array.of(97, 98, 99).buffer, 1),
    Blob: () => new Blob(['blob'], { type: 'Text/X' }),
    'Blob without a type': () => new Blob(['blob']),
    File: () => new File(['file'], 'name', { type: 'a/b' }),
    URLSearchParams: () => new URLSearchParams('a=1&b=ü'),
    FormData: () => { const form = new FormData(); form.append('a', '1\n2'); form.append('f', new File(['x'], 'q"\r\n.txt', { type: 'a/b' })); form.append('b', new Blob(['y'])); return form; },
    'empty FormData': () => new FormData(),
    ReadableStream: () => new ReadableStream({ start(c) { c.enqueue(Uint8Array.of(97, 98)); c.enqueue(Uint8Array.of(99)); c.close(); } }),
    'empty stream': () => new ReadableStream({ start(c) { c.close(); } }),
    'stream of bytes': () => new ReadableStream({ type: 'bytes', start(c) { c.enqueue(Uint8Array.of(97)); c.close(); } }),
    'stream of text': () => new ReadableStream({ start(c) { c.enqueue('text'); c.close(); } }),
    'stream that fails': () => new ReadableStream({ start(c) { c.error(new RangeError('mine')); } }),
    'JSON': () => '{"a":[1,2]}',
    'JSON with a mark': () => '\ufeff{"a":1}',
    'broken JSON': () => '{',
    Date: () => new Date(NaN),
};
const makers = {
    Response: (body) => new Response(body),
    Request: (body) => new Request('http://a/', { method: 'POST', body, duplex: 'half' }),
};
for (const maker of Object.keys(makers)) {
    for (const name of Object.keys(bodies)) {
        const make = () => makers[maker](bodies[name]());
        see(`${maker} ${name}: type`, () => { const it = make(); return [hideBoundary(it.headers.get('content-type') ?? 'none'), it.body === null, it.bodyUsed]; });
        see(`${maker} ${name}: text`, async () => { const it = make(); return [hideBoundary(await it.text()), it.bodyUsed, it.body === null]; });
        see(`${maker} ${name}: json`, async () => await make().json());
        if (!name.includes('FormData')) {
            see(`${maker} ${name}: arrayBuffer`, async () => await make().arrayBuffer());
            see(`${maker} ${name}: bytes`, async () => [...(await make().bytes())]);
            see(`${maker} ${name}: blob`, async () => { const b = await make().blob(); return [b.type, b.size, await b.text()]; });
        }
        see(`${maker} ${name}: formData`, async () => {
            const form = await make().formData();
            const out = [];
            for (const [key, value] of form) out.push([key, typeof value === 'string' ? value : [value.name, value.type, await value.text()]]);
            return out;
        });
        see(`${maker} ${name}: twice`, async () => { const it = make(); await it.text(); return await it.text(); });
        see(`${maker} ${name}: clone`, async () => { const it = make(); const copy = it.clone(); return [hideBoundary(await it.text()).length, hideBoundary(await copy.text()).length, it.bodyUsed, copy.bodyUsed]; });
        see(`${maker} ${name}: clone after reading`, async () => { const it = make(); await it.text(); return it.clone().bodyUsed; });
        see(`${maker} ${name}: by the stream`, async () => {
            const it = make();
            if (it.body === null) return 'null';
            const pieces = [];
            for await (const piece of it.body) pieces.push(...(typeof piece === 'string' ? [piece] : [piece.length > 0]));
            return [it.bodyUsed, it.body.locked, pieces.length > 0];
        });
        see(`${maker} ${name}: locked`, async () => { const it = make(); if (it.body === null) return 'null'; it.body.getReader(); return [it.bodyUsed, await it.text().catch((error) => error.name)]; });
        see(`${maker} ${name}: text and then body`, async () => { const it = make(); await it.text(); return it.body === null ? 'null' : [it.body.locked, it.bodyUsed]; });
    }
}
const forms = {
    'a multipart body': ['multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B\r\ncontent-disposition: form-data; name="f"; filename="x"\r\ncontent-type: a/b\r\n\r\nfile\r\n--B--\r\n'],
    'a quoted boundary': ['multipart/form-data; boundary="B C"', '--B C\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B C--'],
    'no boundary': ['multipart/form-data', '--B--'],
    'another boundary': ['multipart/form-data; boundary=C', '--B--\r\n'],
    'no end': ['multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
    'no name': ['multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--\r\n'],
    'empty multipart': ['multipart/form-data; boundary=B', '--B--\r\n'],
    'an empty value': ['multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n--B--\r\n'],
    'a file without a type': ['multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data; name="f"; filename=""\r\n\r\n\r\n--B--\r\n'],
    'escaped names': ['multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data; name="%22%0D%0Aä"\r\n\r\n1\r\n--B--\r\n'],
    urlencoded: ['application/x-www-form-urlencoded', 'a=1&b=%C3%BC+x&a=2'],
    'urlencoded with a charset': ['application/x-www-form-urlencoded; charset=latin1', 'a=%E4'],
    'upper case': ['APPLICATION/X-WWW-FORM-URLENCODED', 'a=1'],
    'empty urlencoded': ['application/x-www-form-urlencoded', ''],
    'text/plain': ['text/plain', 'a=1'],
    'no type': ['', 'a=1'],
};
for (const name of Object.keys(forms)) {
    see(`formData: ${name}`, async () => {
        const form = await new Response(forms[name][1], { headers: { 'content-type': forms[name][0] } }).formData();
        const out = [];
        for (const [key, value] of form) out.push([key, typeof value === 'string' ? value : [value.name, value.type, await value.text()]]);
        return out;
    });
}

// ---- Request

for (const input of ['http://a', 'http://a/b?c#d', 'HTTP://A:80', 'a', '', '/a', 'http://u:p@a/', 'http://u@a/', 'foo:bar', 'data:,x', 'http://ä/', 'http://']) see(`Request ${input}`, () => pick(new Request(input), requestParts));
see('Request of a URL', () => new Request(new URL('http://a/b')).url);
see('Request of an object', () => new Request({ toString: () => 'http://a/' }).url);
see('Request without arguments', () => new Request());
for (const method of ['GET', 'get', 'Post', 'put', 'delete', 'head', 'options', 'patch', 'PATCH', 'foo', 'CONNECT', 'trace', 'TRACK', '', 'a b', 'a\n', 'ä', null, undefined, 5]) {
    see(`method ${JSON.stringify(method)}`, () => new Request('http://a/', { method }).method);
    see(`method ${JSON.stringify(method)} and a body`, () => new Request('http://a/', { method, body: 'x' }).method);
    see(`method ${JSON.stringify(method)} and an empty body`, () => new Request('http://a/', { method, body: '' }).method);
    see(`method ${JSON.stringify(method)} and null`, () => new Request('http://a/', { method, body: null }).body);
}
const options = {
    mode: ['cors', 'no-cors', 'same-origin', 'navigate', 'x', '', null, undefined],
    credentials: ['omit', 'same-origin', 'include', 'x', undefined],
    cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached', 'x', undefined],
    redirect: ['follow', 'error', 'manual', 'x', undefined],
    referrerPolicy: ['', 'no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin', 'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url', 'x', undefined],
    integrity: ['', 'sha256-x', 5, undefined],
    keepalive: [true, false, 0, 'x', undefined],
    window: [null, undefined, 'x'],
    duplex: ['half', undefined],
};
for (const name of Object.keys(options)) {
    for (const value of options[name]) see(`${name} ${JSON.stringify(value)}`, () => pick(new Request('http://a/', { [name]: value }), requestParts));
}
see('only-if-cached, same-origin', () => new Request('http://a/', { cache: 'only-if-cached', mode: 'same-origin' }).cache);
see('headers', () => [...new Request('http://a/', { headers: { B: '1', a: '2' } }).headers]);
see('headers and a body', () => [...new Request('http://a/', { method: 'POST', body: 'x', headers: { 'Content-Type': 'a/b' } }).headers]);
see('a stream without duplex', () => new Request('http://a/', { method: 'POST', body: new ReadableStream() }));
see('a Request from a Request', async () => {
    const first = new Request('http://a/', { method: 'POST', body: 'x', headers: { a: '1' }, redirect: 'manual' });
    const second = new Request(first);
    return [first.bodyUsed, second.method, second.url, [...second.headers], second.redirect, await second.text(), second.headers === first.headers];
});
see('a Request from a Request, changed', async () => {
    const first = new Request('http://a/', { method: 'POST', body: 'x', headers: { a: '1' } });
    const second = new Request(first, { method: 'PUT', body: 'y', headers: { b: '2' } });
    return [first.bodyUsed, second.method, await second.text(), [...second.headers]];
});
see('a Request from a used one', async () => { const first = new Request('http://a/', { method: 'POST', body: 'x' }); await first.text(); return new Request(first); });
see('a Request from a used one, with a body', async () => { const first = new Request('http://a/', { method: 'POST', body: 'x' }); await first.text(); return await new Request(first, { body: 'y' }).text(); });
see('a Request from one with a body, as GET', () => new Request(new Request('http://a/', { method: 'POST', body: 'x' }), { method: 'GET' }));
see('signals', () => {
    const controller = new AbortController();
    const request = new Request('http://a/', { signal: controller.signal });
    const second = new Request(request);
    const third = request.clone();
    const before = [request.signal === controller.signal, request.signal.aborted];
    controller.abort('why');
    return [before, request.signal.aborted, request.signal.reason, second.signal.aborted, third.signal.aborted, new Request('http://a/').signal.aborted];
});
see('a signal that was aborted', () => new Request('http://a/', { signal: AbortSignal.abort(5) }).signal.reason);
for (const signal of [null, undefined, {}, 'x', 5]) see(`signal ${JSON.stringify(signal)}`, () => new Request('http://a/', { signal }).signal.aborted);
for (const referrer of ['', 'about:client', 'http://a/x', 'nowhere']) see(`referrer ${referrer}`, () => typeof new Request('http://a/', { referrer }).referrer);
// Node.js has members that no standard had when this was written.
const notYet = ['attribute', 'textStream'];
for (const Class of ['Request', 'Response']) {
    see(`${Class}: members`, () => Object.keys(Object.getOwnPropertyDescriptors(globalThis[Class].prototype)).filter((name) => !notYet.includes(name)).sort());
    see(`${Class}: statics`, () => Object.keys(Object.getOwnPropertyDescriptors(globalThis[Class])).sort());
    see(`${Class}: enumerable members`, () => { const out = []; for (const key in globalThis[Class].prototype) out.push(key); return out.filter((name) => !notYet.includes(name)).sort(); });
    see(`${Class}: another this`, () => Object.getOwnPropertyDescriptor(globalThis[Class].prototype, 'headers').get.call({}));
    see(`${Class}: another this, a body`, () => globalThis[Class].prototype.text.call({}));
    see(`${Class}: shape`, () => [globalThis[Class].name, globalThis[Class].length, String(Object.prototype.toString.call(globalThis[Class].prototype))]);
    see(`${Class}: body is one object`, () => { const it = makers[Class]('x'); return [it.body === it.body, it.headers === it.headers, Object.prototype.toString.call(it.body)]; });
}

// ---- the type of blob(), the MIME type of Content-Type

const mimeTypes = ['', 'text/plain', 'TEXT/Plain', ' text/html ', 'text/html;charset=utf-8', 'Text/HTML; charset="utf-8" ; X=y', 'text/html;charset="a b"', 'text/html;a="\\"b\\\\"', 'text/html;a=', 'text/html;a=""', 'text/html;;a=b', 'text/html;a=b;a=c', 'text/html;=b', 'text/html;a b=c', 'text/html;a=b c', 'text/html; a', 'rubbish', '/', 'a/', '/b', 'a /b', 'a/b c', '*/*', 'text/*', 'a/b;c="d', 'a/b;c="d;e"', 'a/b, c/d', 'a/b;x="1,2", c/d', 'a/b;charset=x, a/b', 'a/b, rubbish', '*/*, a/b', 'a/b;x=\u00ff', 'application/json', 'multipart/form-data; boundary=X'];
for (const type of mimeTypes) {
    see(`blob() of a Response of ${type}`, async () => (await new Response('x', { headers: { 'content-type': type } }).blob()).type);
    see(`blob() of a Request of ${type}`, async () => (await new Request('http://a/', { method: 'POST', body: 'x', headers: { 'content-type': type } }).blob()).type);
}
see('blob() of two types', async () => (await new Response('x', { headers: [['content-type', 'a/b;charset=x'], ['content-type', 'a/b']] }).blob()).type);
see('an empty Content-Type stays', () => [...new Response('x', { headers: { 'content-type': '' } }).headers]);
see('formData() keeps a mark', async () => [...(await new Response('\ufeffa=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }).formData())]);
for (const type of ['application/x-www-form-urlencoded', 'APPLICATION/x-www-form-urlencoded;charset=x', 'application/x-www-form-urlencodedx', '']) {
    see(`formData() of ${type}`, async () => [...(await new Response('a=1&b=%20', { headers: { 'content-type': type } }).formData())]);
}

// ---- clones of streams

const chunksOf = async (body) => { const out = []; for await (const chunk of body) out.push(chunk); return out; };
see('clone(): each has its own chunks', async () => {
    const chunk = Uint8Array.of(1, 2);
    const one = new Response(new ReadableStream({ start(c) { c.enqueue(chunk); c.close(); } }));
    const two = one.clone();
    const [a] = await chunksOf(one.body);
    const [b] = await chunksOf(two.body);
    return [a === b, a === chunk || b === chunk, [...a], [...b]];
});
see('clone() of a stream of bytes', async () => {
    const one = new Response(new ReadableStream({ type: 'bytes', start(c) { c.enqueue(Uint8Array.of(1, 2)); c.close(); } }));
    const two = one.clone();
    return [await one.text(), await two.text()];
});
see('clone() of a stream that fails', async () => {
    const one = new Response(new ReadableStream({ start(c) { c.error(new RangeError('broken')); } }));
    const two = one.clone();
    return Promise.all([one.text(), two.text()].map((p) => p.then(() => 'read', (error) => error.name)));
});

// ---- members of RequestInit

for (const priority of ['auto', 'high', 'low', 'x', '', undefined]) see(`Request priority ${priority}`, () => new Request('http://a/', { priority }).url);
for (const duplex of ['half', 'full', '', undefined]) see(`Request duplex ${duplex}`, () => new Request('http://a/', { duplex }).url);
for (const method of ['GET', 'head', 'POST', 'PUT', 'DELETE', 'x']) see(`Request no-cors ${method}`, () => new Request('http://a/', { mode: 'no-cors', method }).method);
