// SPDX-License-Identifier: MIT
// Event, CustomEvent, EventTarget, AbortController, AbortSignal, DOMException. Compared with Node.js.

export const cases = [];
const see = (name, run, ...want) => cases.push([name, run, ...want]);
const settle = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));
const caught = (run) => { try { return run(); } catch (e) { return [e.name, e.constructor.name]; } };

// ---- Event

const eventParts = ['type', 'bubbles', 'cancelable', 'composed', 'defaultPrevented', 'returnValue', 'cancelBubble', 'eventPhase', 'isTrusted'];
for (const init of [undefined, null, {}, { bubbles: true, cancelable: true, composed: true }, { bubbles: 1, cancelable: '' }]) {
    see(`new Event ${JSON.stringify(init)}`, () => { const e = new Event('x', init); return [...eventParts.map((p) => e[p]), e.target, e.srcElement, e.currentTarget, e.composedPath(), typeof e.timeStamp]; });
    see(`new CustomEvent ${JSON.stringify(init)}`, () => { const e = new CustomEvent('x', init); return [...eventParts.map((p) => e[p]), e.detail, e instanceof Event]; });
}
for (const type of ['', null, undefined, 5, {}]) see(`type ${JSON.stringify(type)}`, () => new Event(type).type);
see('Event without arguments', () => new Event());
see('Event of a symbol', () => new Event(Symbol('x')));
for (const detail of [undefined, null, 0, 'x', [1]]) see(`detail ${JSON.stringify(detail)}`, () => new CustomEvent('x', { detail }).detail);
see('constants', () => [Event.NONE, Event.CAPTURING_PHASE, Event.AT_TARGET, Event.BUBBLING_PHASE, new Event('x').AT_TARGET], [0, 1, 2, 3, 2]);
see('preventDefault', () => [true, false].map((cancelable) => { const e = new Event('x', { cancelable }); e.preventDefault(); const one = [e.defaultPrevented, e.returnValue]; e.returnValue = true; return [one, e.returnValue]; }));
see('cancelBubble', () => { const e = new Event('x'); e.cancelBubble = true; const one = e.cancelBubble; e.cancelBubble = false; return [one, e.cancelBubble]; });
see('Event another this', () => caught(() => Object.getOwnPropertyDescriptor(Event.prototype, 'type').get.call({})));
see('isTrusted is own', () => { const d = Object.getOwnPropertyDescriptor(new Event('x'), 'isTrusted'); return [typeof d.get, d.set, d.enumerable, d.configurable]; }, ['function', undefined, true, false]);

// ---- EventTarget

see('listeners in order', () => { const t = new EventTarget(), log = []; t.addEventListener('x', () => log.push(1)); t.addEventListener('x', { handleEvent() { log.push(2); } }); t.addEventListener('y', () => log.push(9)); t.addEventListener('x', () => log.push(3)); return [t.dispatchEvent(new Event('x')), log]; });
see('once', () => { const t = new EventTarget(), log = []; t.addEventListener('x', () => log.push(1), { once: true }); t.dispatchEvent(new Event('x')); t.dispatchEvent(new Event('x')); return log; });
see('the same listener twice', () => { const t = new EventTarget(), log = []; const f = () => log.push(1); t.addEventListener('x', f); t.addEventListener('x', f); t.addEventListener('x', f, true); t.dispatchEvent(new Event('x')); return log; });
see('removed', () => { const t = new EventTarget(), log = []; const f = () => log.push(1); t.addEventListener('x', f); t.removeEventListener('x', f, true); t.dispatchEvent(new Event('x')); t.removeEventListener('x', f); t.dispatchEvent(new Event('x')); return log; });
see('removed meanwhile', () => { const t = new EventTarget(), log = []; const f = () => log.push('f'); t.addEventListener('x', () => { log.push(1); t.removeEventListener('x', f); }); t.addEventListener('x', f); t.dispatchEvent(new Event('x')); return log; });
see('added meanwhile', () => { const t = new EventTarget(), log = []; t.addEventListener('x', () => { log.push(1); t.addEventListener('x', () => log.push(2)); }, { once: true }); t.dispatchEvent(new Event('x')); t.dispatchEvent(new Event('x')); return log; });
see('stopImmediatePropagation', () => { const t = new EventTarget(), log = []; t.addEventListener('x', (e) => { log.push(1); e.stopImmediatePropagation(); }); t.addEventListener('x', () => log.push(2)); t.dispatchEvent(new Event('x')); return log; });
see('preventDefault in a listener', () => { const t = new EventTarget(); t.addEventListener('x', (e) => e.preventDefault()); return [t.dispatchEvent(new Event('x')), t.dispatchEvent(new Event('x', { cancelable: true }))]; });
see('passive', () => { const t = new EventTarget(); t.addEventListener('x', (e) => e.preventDefault(), { passive: true }); const e = new Event('x', { cancelable: true }); return [t.dispatchEvent(e), e.defaultPrevented]; });
see('during dispatch', () => { const t = new EventTarget(); let out; t.addEventListener('x', function (e) { out = [this === t, e.target === t, e.currentTarget === t, e.srcElement === t, e.eventPhase, e.composedPath().length, e.isTrusted]; }); const e = new Event('x'); t.dispatchEvent(e); return [out, e.target === t, e.currentTarget, e.eventPhase, e.composedPath()]; });
see('this of handleEvent', () => { const t = new EventTarget(); let out; const l = { handleEvent() { out = this === l; } }; t.addEventListener('x', l); t.dispatchEvent(new Event('x')); return out; });
see('dispatched while it is', () => { const t = new EventTarget(); let out; t.addEventListener('x', (e) => { out = caught(() => t.dispatchEvent(e)); }); t.dispatchEvent(new Event('x')); return out; }, ['InvalidStateError', 'DOMException']);
see('dispatched again', () => { const t = new EventTarget(); let n = 0; t.addEventListener('x', () => n++); const e = new Event('x'); t.dispatchEvent(e); t.dispatchEvent(e); return n; });
for (const listener of [null, undefined]) see(`listener ${listener}`, () => new EventTarget().addEventListener('x', listener));
see('no listener', () => caught(() => new EventTarget().addEventListener('x')));
see('dispatch nothing', () => caught(() => new EventTarget().dispatchEvent()));
see('dispatch an object', () => caught(() => new EventTarget().dispatchEvent({ type: 'x' })));
see('a signal removes', () => { const t = new EventTarget(), a = new AbortController(), log = []; t.addEventListener('x', () => log.push(1), { signal: a.signal }); t.dispatchEvent(new Event('x')); a.abort(); t.dispatchEvent(new Event('x')); return log; });
see('an aborted signal adds nothing', () => { const t = new EventTarget(), log = []; t.addEventListener('x', () => log.push(1), { signal: AbortSignal.abort() }); t.dispatchEvent(new Event('x')); return log; });
see('a signal that is none', () => caught(() => new EventTarget().addEventListener('x', () => {}, { signal: {} })));
see('signal null', () => caught(() => new EventTarget().addEventListener('x', () => {}, { signal: null })));
see('type is converted', () => { const t = new EventTarget(), log = []; t.addEventListener(5, (e) => log.push(e.type)); t.dispatchEvent(new Event('5')); return log; });
see('subclass', () => { class Mine extends EventTarget { n = 0; constructor() { super(); this.addEventListener('x', () => this.n++); } } const t = new Mine(); t.dispatchEvent(new CustomEvent('x', { detail: 1 })); return [t.n, t instanceof EventTarget]; });

// ---- AbortController, AbortSignal

see('abort', () => { const a = new AbortController(), log = []; a.signal.addEventListener('abort', (e) => log.push(e.type, e.target === a.signal, e.isTrusted)); a.signal.onabort = function (e) { log.push('on', this === a.signal, e.type); }; const before = [a.signal.aborted, a.signal.reason]; a.abort(); a.abort('again'); return [before, a.signal.aborted, a.signal.reason.name, a.signal.reason.code, a.signal.reason instanceof DOMException, log]; });
for (const reason of [undefined, null, 0, 'x', { a: 1 }]) {
    see(`abort(${JSON.stringify(reason)})`, () => { const a = new AbortController(); a.abort(reason); return [a.signal.reason?.name ?? a.signal.reason]; });
    see(`AbortSignal.abort(${JSON.stringify(reason)})`, () => { const s = AbortSignal.abort(reason); return [s.aborted, s.reason?.name ?? s.reason]; });
}
see('throwIfAborted', () => { const a = new AbortController(); const one = a.signal.throwIfAborted(); a.abort('why'); try { a.signal.throwIfAborted(); } catch (e) { return [one, e]; } });
see('new AbortSignal', () => caught(() => new AbortSignal()));
see('onabort changes', () => { const a = new AbortController(), log = []; a.signal.onabort = () => log.push(1); a.signal.addEventListener('abort', () => log.push(2)); a.signal.onabort = () => log.push(3); const f = typeof a.signal.onabort; a.abort(); return [log, f]; });
see('onabort null', () => { const a = new AbortController(), log = []; a.signal.onabort = () => log.push(1); a.signal.onabort = null; a.abort(); return [log, a.signal.onabort]; });
see('onabort a number', () => { const a = new AbortController(); a.signal.onabort = 5; return a.signal.onabort; });
see('timeout', async () => { const s = AbortSignal.timeout(5); const before = s.aborted; await new Promise((r) => s.addEventListener('abort', r)); return [before, s.aborted, s.reason.name, s.reason.code, s.reason instanceof DOMException]; });
see('timeout 0', async () => { const s = AbortSignal.timeout(0); const before = s.aborted; await settle(20); return [before, s.aborted]; });
// As WebIDL converts an unsigned long long with [EnforceRange].
for (const ms of [-1, NaN, Infinity, 'x', 2 ** 53]) see(`timeout(${ms})`, () => caught(() => AbortSignal.timeout(ms).aborted), ['TypeError', 'TypeError']);
for (const ms of [1.5, '5', null]) see(`timeout(${ms})`, () => caught(() => AbortSignal.timeout(ms).aborted), false);
see('timeout without arguments', () => caught(() => AbortSignal.timeout()));
see('any', () => { const a = new AbortController(), b = new AbortController(); const s = AbortSignal.any([a.signal, b.signal]); const log = []; s.onabort = (e) => log.push(e.type); b.abort('b'); a.abort('a'); return [s.aborted, s.reason, log]; });
see('any, aborted already', () => AbortSignal.any([new AbortController().signal, AbortSignal.abort('x'), AbortSignal.abort('y')]).reason);
see('any of none', () => AbortSignal.any([]).aborted);
see('any of any', () => { const a = new AbortController(); const s = AbortSignal.any([AbortSignal.any([a.signal]), AbortSignal.any([])]); a.abort('deep'); return [s.aborted, s.reason]; });
see('any, order of events', () => { const a = new AbortController(), log = []; const s = AbortSignal.any([a.signal]), t = AbortSignal.any([s, a.signal]); t.onabort = () => log.push('t'); s.onabort = () => log.push('s'); a.signal.onabort = () => log.push('a', s.aborted, t.aborted); a.abort(); return log; });
see('any, a Set', () => AbortSignal.any(new Set([AbortSignal.abort(1)])).reason);
for (const signals of [undefined, null, 5, {}, [null], [{}], ['x']]) see(`any(${JSON.stringify(signals)})`, () => caught(() => AbortSignal.any(signals).aborted));
see('any of the same', () => { const a = new AbortController(), log = []; const s = AbortSignal.any([a.signal, a.signal]); s.onabort = () => log.push(1); a.abort(); return log; });
see('any and timeout', async () => { const s = AbortSignal.any([AbortSignal.timeout(5), new AbortController().signal]); await new Promise((r) => { s.onabort = r; }); return s.reason.name; });

// ---- DOMException

for (const args of [[], ['m'], ['m', 'AbortError'], ['m', 'Other'], [undefined, undefined], [null, null], [5, 6], ['', '']]) see(`new DOMException(${JSON.stringify(args)})`, () => { const e = new DOMException(...args); return [e.message, e.name, e.code, String(e), e instanceof Error, Object.prototype.toString.call(e), typeof e.stack]; });
for (const name of ['IndexSizeError', 'HierarchyRequestError', 'WrongDocumentError', 'InvalidCharacterError', 'NoModificationAllowedError', 'NotFoundError', 'NotSupportedError', 'InUseAttributeError', 'InvalidStateError', 'SyntaxError', 'InvalidModificationError', 'NamespaceError', 'InvalidAccessError', 'TypeMismatchError', 'SecurityError', 'NetworkError', 'AbortError', 'URLMismatchError', 'TimeoutError', 'InvalidNodeTypeError', 'DataCloneError', 'EncodingError', 'NotReadableError', 'UnknownError', 'ConstraintError', 'DataError', 'OperationError', 'NotAllowedError', '__proto__', 'toString']) see(`code of ${name}`, () => new DOMException('', name).code);
see('DOMException constants', () => Object.keys(DOMException).sort().map((key) => [key, DOMException[key], DOMException.prototype[key]]));
see('DOMException shape', () => [DOMException.length, DOMException.name, Object.getPrototypeOf(DOMException.prototype) === Error.prototype, Object.hasOwn(new DOMException('x'), 'name'), Object.hasOwn(new DOMException('x'), 'message'), Object.keys(new DOMException('x'))]);
see('DOMException another this', () => caught(() => Object.getOwnPropertyDescriptor(DOMException.prototype, 'name').get.call({})));
see('DOMException subclass', () => { class Mine extends DOMException { more = 1; } const e = new Mine('m', 'n'); return [e instanceof Mine, e instanceof DOMException, e.name, e.more]; });
// The standard is restated where Node.js leaves something out.
const constants = ['AT_TARGET', 'BUBBLING_PHASE', 'CAPTURING_PHASE', 'NONE'];
const members = {
    Event: [...constants, 'bubbles', 'cancelBubble', 'cancelable', 'composed', 'composedPath', 'constructor', 'currentTarget', 'defaultPrevented', 'eventPhase', 'initEvent', 'preventDefault', 'returnValue', 'srcElement', 'stopImmediatePropagation', 'stopPropagation', 'target', 'timeStamp', 'type'],
    CustomEvent: ['constructor', 'detail', 'initCustomEvent'],
    AbortSignal: ['aborted', 'constructor', 'onabort', 'reason', 'throwIfAborted'],
};
for (const Class of ['Event', 'CustomEvent', 'EventTarget', 'AbortController', 'AbortSignal', 'DOMException']) {
    see(`${Class}: members`, () => Object.getOwnPropertyNames(globalThis[Class].prototype).sort(), ...(members[Class] ? [members[Class]] : []));
    const own = members[Class]?.filter((name) => name !== 'constructor');
    see(`${Class}: enumerable members`, () => Object.keys(globalThis[Class].prototype).sort(), ...(own ? [own] : []));
    see(`${Class}: shape`, () => [globalThis[Class].name, globalThis[Class].length, globalThis[Class].prototype[Symbol.toStringTag], caught(() => globalThis[Class]())]);
}
