// SPDX-License-Identifier: MIT
// MessageChannel, MessagePort, MessageEvent and ErrorEvent: what arrives, in which order, what is refused. Compared with
// Node.js where it has them; where it does otherwise than the standard, the case states the result.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);
// Some turns of the event loop, whatever time they take.
async function soon() {
    for (let i = 0; i < 4; i++) await new Promise((done) => setTimeout(done, 5));
}

// The messages that the second port gets when act() has the first one.
async function heard(act, count = 1, look = (event) => event.data) {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    const all = new Promise((done) => {
        port2.onmessage = (event) => {
            got.push(look(event));
            if (got.length === count) done();
        };
    });
    act(port1, port2);
    await Promise.race([all, soon()]);
    port1.close();
    return got;
}

// ---- what is cloned

const values = {
    undefined: undefined,
    null: null,
    number: 42,
    'minus zero': -0,
    string: 'a\u{1f642}\ud800',
    bigint: 2n ** 70n,
    boolean: false,
    array: [1, , [3]],
    object: { a: { b: 'c' } },
    date: new Date(5),
    regexp: /a+/gi,
    map: new Map([[{ k: 1 }, 'v']]),
    set: new Set([1, 'x']),
    error: new RangeError('m'),
    buffer: Uint8Array.of(1, 2, 3).buffer,
    view: Uint16Array.of(1, 2).subarray(1),
    wrapped: Object(1),
    symbolless: { [Symbol.iterator]: 1, a: 1 },
};
const describe = (value) => {
    if (value instanceof Map) return ['Map', [...value].map(([k, v]) => [describe(k), describe(v)])];
    if (value instanceof Set) return ['Set', ...value];
    if (value instanceof Date) return ['Date', value.getTime()];
    if (value instanceof RegExp) return ['RegExp', value.source, value.flags];
    if (value instanceof Error) return [value.name, value.message];
    if (value instanceof Number) return ['Number', Number(value)];
    return Object.is(value, -0) ? '-0' : value;
};
for (const [name, value] of Object.entries(values)) {
    const wanted = name === 'undefined' ? [[undefined]] : []; // Node.js refuses it
    see(`a message of ${name}`, () => heard((port) => port.postMessage(value), 1, ({ data }) => describe(data)), ...wanted);
    see(`it is a copy: ${name}`, () =>
        heard((port) => port.postMessage(value), 1, ({ data }) => typeof data === 'object' && data !== null && data === value));
    see(`an event with data: ${name}`, () => new MessageEvent('message', { data: value }).data === value || Number.isNaN(value));
}
const refused = { function: () => {}, symbol: Symbol('s'), 'nested function': { a: [() => {}] }, weak: new WeakMap(), promise: Promise.resolve() };
for (const [name, value] of Object.entries(refused)) {
    see(`not cloned: ${name}`, () => new MessageChannel().port1.postMessage(value));
    see(`not cloned, code of the error: ${name}`, () => {
        try {
            new MessageChannel().port1.postMessage(value);
        } catch (error) {
            return [error instanceof DOMException, error.name, error.code];
        }
    });
}
see('the copy is made when it is posted', () => {
    const value = { a: 1 };
    return heard((port) => {
        port.postMessage(value);
        value.a = 2;
    });
});
see('what a getter throws is thrown', () =>
    new MessageChannel().port1.postMessage({
        get a() {
            throw new RangeError('x');
        },
    }));
see('one object twice stays one', () => {
    const one = {};
    return heard((port) => port.postMessage([one, one]), 1, ({ data }) => data[0] === data[1]);
});
see('a Blob arrives', () => heard((port) => port.postMessage(new Blob(['abc'], { type: 'x/y' })), 1, ({ data }) => [data.size, data.type]));

// ---- order, start, close

for (const count of [2, 10, 200]) {
    see(`${count} messages arrive in order`, () =>
        heard((port) => {
            for (let i = 0; i < count; i++) port.postMessage(i);
        }, count));
}
see('a message is a task: after microtasks', async () => {
    const order = [];
    const { port1, port2 } = new MessageChannel();
    const done = new Promise((end) => {
        port2.onmessage = () => end(order.push('message'));
    });
    port1.postMessage(0);
    order.push('sync');
    Promise.resolve().then(() => order.push('microtask'));
    await done;
    port1.close();
    return order;
});
see('nothing arrives before start()', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.addEventListener('message', ({ data }) => got.push(data));
    port1.postMessage(1);
    await soon();
    const before = got.length;
    port2.start();
    await soon();
    port1.close();
    return [before, got];
}, [0, [1]]);
see('the setter of onmessage starts the port', () => heard((port) => port.postMessage('x')));
see('what was sent before the handler was set arrives', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(1);
    port1.postMessage(2);
    await soon();
    const got = [];
    port2.onmessage = ({ data }) => got.push(data);
    await soon();
    port1.close();
    return got;
});
see('after close() of the sender nothing more is sent', () =>
    heard((port) => {
        port.postMessage(1);
        port.close();
        port.postMessage(2);
    }, 2));
see('after close() of the receiver nothing arrives', () =>
    heard((port, other) => {
        port.postMessage(1);
        other.close();
    }), []);
see('posting to a closed port throws nothing', () => {
    const { port1 } = new MessageChannel();
    port1.close();
    port1.close();
    return [port1.postMessage(1), port1.start()];
});
see('posting to a closed port still clones', () => {
    const { port1 } = new MessageChannel();
    port1.close();
    port1.postMessage(() => {});
}, { threw: 'DOMException DataCloneError' });
see('the other port hears close', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.onclose = (event) => got.push(event.type);
    port2.start();
    port1.close();
    await soon();
    return got;
}, ['close']);
see('both ways', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.onmessage = ({ data }) => port2.postMessage(data + 1);
    const done = new Promise((end) => {
        port1.onmessage = ({ data }) => {
            got.push(data);
            if (data > 5) end();
            else port1.postMessage(data + 1);
        };
    });
    port1.postMessage(0);
    await done;
    port1.close();
    return got;
});
see('an error of a listener keeps no message back', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.onmessage = ({ data }) => {
        got.push(data);
        if (data === 1) throw new Error('of a listener');
    };
    port1.postMessage(1);
    port1.postMessage(2);
    await soon();
    port1.close();
    return got;
}, [1, 2]);

// ---- transfer

const buffers = [0, 1, 100, 65536];
for (const size of buffers) {
    see(`a buffer of ${size} bytes moves`, () => {
        const buffer = new ArrayBuffer(size);
        return heard((port) => port.postMessage({ buffer }, [buffer]), 1, ({ data }) => [data.buffer.byteLength, buffer.byteLength, buffer.detached]);
    });
    see(`a buffer of ${size} bytes moves by options`, () => {
        const buffer = new ArrayBuffer(size);
        return heard((port) => port.postMessage({ buffer }, { transfer: [buffer] }), 1, ({ data }) => [data.buffer.byteLength, buffer.detached]);
    });
}
see('a buffer that is listed but not sent is gone', () => {
    const buffer = new ArrayBuffer(4);
    new MessageChannel().port1.postMessage(1, [buffer]);
    return buffer.detached;
});
see('a buffer twice in the list', () => {
    const buffer = new ArrayBuffer(4);
    new MessageChannel().port1.postMessage(1, [buffer, buffer]);
}, { threw: 'DOMException DataCloneError' });
see('a detached buffer in the list', () => {
    const buffer = new ArrayBuffer(4);
    structuredClone(buffer, { transfer: [buffer] });
    new MessageChannel().port1.postMessage(1, [buffer]);
}, { threw: 'DOMException DataCloneError' });
see('what cannot be transferred', () => new MessageChannel().port1.postMessage(1, [{}]), { threw: 'DOMException DataCloneError' });
see('a list of numbers', () => new MessageChannel().port1.postMessage(1, [1]), { threw: 'TypeError TypeError' });
see('options that are a number', () => new MessageChannel().port1.postMessage(1, 5), { threw: 'TypeError TypeError' });
see('a port arrives, and is in ports', () => {
    const { port1 } = new MessageChannel();
    return heard((port) => port.postMessage(port1, [port1]), 1, (e) => [e.ports.length, e.ports[0] === e.data, e.data instanceof MessagePort, e.data === port1]);
});
see('a port that is listed only', () => {
    const { port1 } = new MessageChannel();
    return heard((port) => port.postMessage('x', [port1]), 1, (e) => [e.data, e.ports.length, e.ports[0] instanceof MessagePort]);
});
see('two ports arrive in order', () => {
    const { port1, port2 } = new MessageChannel();
    return heard((port) => port.postMessage([port2, port1], [port1, port2]), 1, (e) => [e.ports[0] === e.data[1], e.ports[1] === e.data[0]]);
});
see('messages of a port move with it', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.postMessage('early');
    const [moved] = await heard((port) => port.postMessage(port1, [port1]), 1, ({ data }) => data);
    const got = [];
    moved.onmessage = ({ data }) => got.push(data);
    port2.postMessage('late');
    await soon();
    port2.close();
    return got;
});
see('a moved port answers', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.onmessage = ({ data }) => got.push(data);
    const [moved] = await heard((port) => port.postMessage(port1, [port1]), 1, ({ data }) => data);
    moved.postMessage('here');
    await soon();
    port2.close();
    return got;
});
see('the port itself cannot go along', () => {
    const { port1 } = new MessageChannel();
    port1.postMessage(1, [port1]);
}, { threw: 'DOMException DataCloneError' });
see('a port without a list', () => {
    const { port1 } = new MessageChannel();
    new MessageChannel().port1.postMessage(port1);
}, { threw: 'DOMException DataCloneError' });
see('a port twice in the list', () => {
    const { port1 } = new MessageChannel();
    new MessageChannel().port1.postMessage(1, [port1, port1]);
}, { threw: 'DOMException DataCloneError' });
see('a port that has gone already', () => {
    const { port1 } = new MessageChannel();
    new MessageChannel().port1.postMessage(port1, [port1]);
    new MessageChannel().port1.postMessage(port1, [port1]);
}, { threw: 'DOMException DataCloneError' });
see('structuredClone transfers a port', () => {
    const { port1 } = new MessageChannel();
    const { p } = structuredClone({ p: port1 }, { transfer: [port1] });
    return [p instanceof MessagePort, p === port1];
});
see('structuredClone of a port', () => structuredClone(new MessageChannel().port1), { threw: 'DOMException DataCloneError' });

// ---- shape

see('MessagePort() is no constructor', () => new MessagePort(), { threw: 'TypeError TypeError' });
see('MessageChannel is a class', () => MessageChannel(), { threw: 'TypeError TypeError' });
see('ports are the same each time', () => {
    const channel = new MessageChannel();
    return [channel.port1 === channel.port1, channel.port1 === channel.port2];
});
see('ports are event targets', () => new MessageChannel().port1 instanceof EventTarget);
see('postMessage without a message', () => new MessageChannel().port1.postMessage(), { threw: 'TypeError TypeError' });
for (const name of ['MessageChannel', 'MessagePort', 'MessageEvent']) {
    see(`tag of ${name}`, () => globalThis[name].prototype[Symbol.toStringTag], name);
    see(`name of ${name}`, () => globalThis[name].name);
    see(`descriptor of ${name}`, () => {
        const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(globalThis, name);
        return [writable, enumerable, configurable];
    });
}
see('handlers begin with null', () => {
    const { port1 } = new MessageChannel();
    return [port1.onmessage, port1.onmessageerror];
});
for (const given of [1, 'text', null, undefined, true]) {
    see(`a handler that is no function: ${String(given)}`, () => {
        const { port1 } = new MessageChannel();
        port1.onmessage = given;
        port1.close();
        return port1.onmessage;
    }, null);
}
for (const returned of [false, true, undefined, 0]) {
    see(`a handler that returns ${returned}`, () => {
        const { port1 } = new MessageChannel();
        port1.onmessage = () => returned;
        const event = new MessageEvent('message', { cancelable: true });
        const went = port1.dispatchEvent(event);
        port1.close();
        return [went, event.defaultPrevented];
    }, [returned !== false, returned === false]);
}
see('a handler can be taken away', async () => {
    const { port1, port2 } = new MessageChannel();
    const got = [];
    port2.onmessage = () => got.push(1);
    port2.onmessage = null;
    port1.postMessage(1);
    await soon();
    port1.close();
    return got;
});
see('the event of a message', () =>
    heard((port) => port.postMessage('x'), 1, (e) => [e.type, e.bubbles, e.cancelable, e.origin, e.lastEventId, e.source, e.ports.length, e instanceof MessageEvent]));
see('the event is trusted', () => heard((port) => port.postMessage('x'), 1, (e) => e.isTrusted), [true]);
see('the target of the event', () => heard((port) => port.postMessage('x'), 1, (e) => [e.target instanceof MessagePort, e.target === e.currentTarget]));

// ---- MessageEvent

const inits = [
    {},
    { data: 1 },
    { origin: 'http://a/', lastEventId: 'id' },
    { bubbles: true, cancelable: true, composed: true },
    { source: null },
    { ports: [] },
    { origin: 5, lastEventId: null },
];
inits.forEach((init, i) => {
    see(`MessageEvent by init ${i}`, () => {
        const e = new MessageEvent('kind', init);
        return [e.type, e.data, e.origin, e.lastEventId, e.source, e.ports.length, e.bubbles, e.cancelable, e.composed, e.isTrusted];
    });
});
see('MessageEvent without a type', () => new MessageEvent(), { threw: 'TypeError TypeError' });
see('MessageEvent with a source that is none', () => new MessageEvent('x', { source: {} }), { threw: 'TypeError TypeError' });
see('MessageEvent with ports that are none', () => new MessageEvent('x', { ports: [{}] }), { threw: 'TypeError TypeError' });
see('MessageEvent with ports that are null', () => new MessageEvent('x', { ports: null }), { threw: 'TypeError TypeError' });
see('MessageEvent with a port as source', () => {
    const { port1 } = new MessageChannel();
    const e = new MessageEvent('x', { source: port1, ports: [port1] });
    return [e.source === port1, e.ports[0] === port1, e.ports === e.ports, Object.isFrozen(e.ports)];
}, [true, true, true, true]);
see('initMessageEvent', () => {
    const e = new MessageEvent('x');
    e.initMessageEvent('y', true, true, 'data', 'http://a/', 'id', null, []);
    return [e.type, e.bubbles, e.cancelable, e.data, e.origin, e.lastEventId, e.source, e.ports.length];
}, ['y', true, true, 'data', 'http://a/', 'id', null, 0]);
see('initMessageEvent with a type only', () => {
    const e = new MessageEvent('x', { data: 1, origin: 'o' });
    e.initMessageEvent('y');
    return [e.type, e.data, e.origin, e.lastEventId];
}, ['y', null, '', '']);
see('a MessageEvent is sent by hand', () => {
    const target = new EventTarget();
    let got;
    target.addEventListener('message', (e) => {
        got = e.data;
    });
    target.dispatchEvent(new MessageEvent('message', { data: 'x' }));
    return got;
});

// ---- the other events, self, navigator

see('ErrorEvent by default', () => {
    const e = new ErrorEvent('error');
    return [e.type, e.message, e.filename, e.lineno, e.colno, e.error, e instanceof Event];
}, ['error', '', '', 0, 0, undefined, true]);
see('ErrorEvent by init', () => {
    const error = new Error('x');
    const e = new ErrorEvent('error', { message: 'm', filename: 'f', lineno: 3, colno: 4.9, error, cancelable: true });
    return [e.message, e.filename, e.lineno, e.colno, e.error === error, e.cancelable];
}, ['m', 'f', 3, 4, true, true]);
see('ErrorEvent without a type', () => new ErrorEvent(), { threw: 'TypeError TypeError' });
see('PromiseRejectionEvent', () => {
    const promise = Promise.resolve(1);
    const e = new PromiseRejectionEvent('unhandledrejection', { promise, reason: 'why' });
    return [e.type, e.promise === promise, e.reason, e instanceof Event];
}, ['unhandledrejection', true, 'why', true]);
see('PromiseRejectionEvent without a promise', () => new PromiseRejectionEvent('x', { reason: 1 }), { threw: 'TypeError TypeError' });
see('PromiseRejectionEvent without init', () => new PromiseRejectionEvent('x'), { threw: 'TypeError TypeError' });
see('self is the global', () => [self === globalThis, self.self === self], [true, true]);
see('self can be replaced', () => {
    const d = Object.getOwnPropertyDescriptor(globalThis, 'self');
    return [typeof d.get, typeof d.set, d.configurable];
}, ['function', 'function', true]);
see('navigator.userAgent is a product', () => /^[\w.]+\/[\d.]+/.test(navigator.userAgent));
see('Navigator() is no constructor', () => new Navigator(), { threw: 'TypeError TypeError' });
