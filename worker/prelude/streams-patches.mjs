// SPDX-License-Identifier: MIT
// streams-patches.mjs - changes web-streams-polyfill for the bundle. Its streams
// keep their state in properties named "_..."; these are hidden, see
// web/streams-bindings.js. Properties of helper objects that no other code can
// get stay as they are: those that a literal or a method defines. The module
// becomes a function that returns its exports, so that no part of it exists
// before the first call.

import { packages } from '../../tools/packages.mjs';
import { keepName } from './brands.mjs';

const { parse } = packages('prelude')('acorn');

// Corrections where the package differs from the standard: [reason, text, new text].
const changes = [
    ['one DOMException for all', 'const e=null==dr?void 0:dr.DOMException;', 'const e=DOMException;'],
    [
        'pipeTo() rejects with an error',
        `return d("Parameter 1 is required in 'pipeTo'.")`,
        `return d(new TypeError("Parameter 1 is required in 'pipeTo'."))`,
    ],
    [
        'enqueue() during pipeTo() does not call write() before it returns',
        '_chunkSteps(t){this._state._currentWrite=f(Yt(this._state._writer,t),void 0,e),this._resolvePromise(!1)}',
        '_chunkSteps(t){this._state._currentWrite=f(f(c(void 0),()=>Yt(this._state._writer,t)),void 0,e),this._resolvePromise(!1)}',
    ],
    [
        'null is no transformer',
        'class TransformStream{constructor(e={},t={},r={}){',
        'class TransformStream{constructor(e={},t={},r={}){if(null===e)throw new TypeError("First parameter is not an object.");',
    ],
];

function replaceOnce(source, [why, from, to]) {
    if (source.split(from).length !== 2) {
        throw new Error(`web-streams-polyfill is not the version we know: "${why}" does not match once`);
    }
    return source.replace(from, () => to);
}

// A method of a stream that is called on another object says so as the methods of all classes do (web/brand.js).
const misplaced = /`(\w+)(?:\.prototype)?\.\$\{(\w+)\} can only be used on a \w+`/g;

function sayIllegal(source) {
    const found = source.match(misplaced)?.length;
    if (found !== 14) throw new Error(`web-streams-polyfill is not the version we know: ${found} messages`);
    return source.replace(misplaced, (_, name, member) => `\`Illegal invocation: \${${member}} needs a ${name}\``);
}

const isInternal = (name) => typeof name === 'string' && name.startsWith('_');

function walk(node, visit) {
    if (Array.isArray(node)) {
        for (const child of node) walk(child, visit);
        return;
    }
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
    visit(node);
    for (const key of Object.keys(node)) walk(node[key], visit);
}

// Globals that the package uses: agent code may have replaced them when the function is called.
const globals =
    'Array,ArrayBuffer,Boolean,DataView,Error,Function,Math,Number,Object,Promise,RangeError,String,Symbol,TypeError,Uint8Array';

// `return {Name, ...}` for the package's one export declaration.
function exportsOf(node) {
    if (node.specifiers.some(({ local, exported }) => local.name !== exported.name)) {
        throw new Error('web-streams-polyfill: an export under another name');
    }
    return `return{${node.specifiers.map(({ local }) => local.name).join()}};`;
}

// The text of a module that takes `hidden` and `hasHidden` from `bindings`, and gives a function.
export function patchStreams(original, bindings) {
    const source = sayIllegal(changes.reduce(replaceOnce, original));
    const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
    const kept = new Set();
    walk(tree, (node) => {
        if ((node.type === 'MethodDefinition' || node.type === 'Property') && !node.computed) {
            if (isInternal(node.key.name)) kept.add(node.key.name);
        }
    });
    const edits = []; // [position, text to insert, characters to remove]
    const exported = tree.body.filter(({ type }) => type === 'ExportNamedDeclaration');
    if (exported.length !== 1 || exported[0] !== tree.body.at(-1)) {
        throw new Error('web-streams-polyfill does not end with its exports');
    }
    edits.push([exported[0].start, exportsOf(exported[0]), exported[0].end - exported[0].start]);
    const classes = new Set(exported[0].specifiers.map(({ local }) => local.name));
    for (const node of tree.body) {
        if (node.type === 'ClassDeclaration' && classes.delete(node.id.name))
            edits.push(...keepName(node, node.id.name));
    }
    if (classes.size > 0) throw new Error(`web-streams-polyfill: no classes of the names ${[...classes]}`);
    let hiddenCount = 0;
    let checks = 0;
    walk(tree, (node) => {
        if (node.type === 'MemberExpression' && !node.computed && isInternal(node.property.name)) {
            if (kept.has(node.property.name)) return;
            if (node.optional) throw new Error('web-streams-polyfill: an optional chain to an internal property');
            edits.push([node.object.start, '$hidden(', 0], [node.object.end, ')', 0]);
            hiddenCount++;
        }
        if (node.type !== 'CallExpression') return;
        const callee = source.slice(node.callee.start, node.callee.end);
        if (callee !== 'Object.prototype.hasOwnProperty.call' || !isInternal(node.arguments[1].value)) return;
        edits.push([node.callee.start, '$hasHidden', callee.length]);
        checks++;
    });
    if (hiddenCount < 300 || checks < 10) {
        throw new Error(`web-streams-polyfill is not the version we know: ${hiddenCount} properties, ${checks} checks`);
    }
    // At one place, what opens outside comes first: longer expressions were visited before shorter ones.
    const order = new Map(edits.map((edit, at) => [edit, at]));
    edits.sort(
        (a, b) => a[0] - b[0] || (a[1] === ')' ? -1 : 0) - (b[1] === ')' ? -1 : 0) || order.get(a) - order.get(b),
    );
    let text = '';
    let at = 0;
    for (const [position, put, skip = 0] of edits) {
        text += source.slice(at, position) + put;
        at = position + skip;
    }
    text += source.slice(at);
    return (
        `import{hidden as $hidden,hasHidden as $hasHidden,queueMicrotask,AbortController,DOMException,${globals}}from` +
        `${JSON.stringify(bindings)};\nexport default function(){${text}}`
    );
}
