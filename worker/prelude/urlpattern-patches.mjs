// SPDX-License-Identifier: MIT
// urlpattern-patches.mjs - changes urlpattern-polyfill for the bundle: it becomes a function that makes the class (at the
// first use of URLPattern), it follows the standard where it differed, and it calls no methods that agent code may have
// replaced: `text.indexOf(x)` becomes `$indexOf(text, x)`, see web/urlpattern-bindings.js.

import { packages } from '../../tools/packages.mjs';

const { parse } = packages('prelude')('acorn');

// Corrections where the package differs from the standard, or does not fit here: [reason, text, new text].
const changes = [
    [
        'functions have no names to keep',
        'var Pe=Object.defineProperty;var a=(e,t)=>Pe(e,"name",{value:t,configurable:!0});',
        'var a=e=>e;',
    ],
    [
        'a hostname is what the URL parser makes of it',
        'if(/[\\t\\n\\r #%/:<>?@[\\]^\\\\|]/g.test(e))throw new TypeError(`Invalid hostname \'${e}\'`);let t=new URL("https://example.com");return t.hostname=e,t.hostname}',
        'return hostname(e)}',
    ],
    [
        'a port is a number',
        'if(e===""||/^[0-9]*$/.test(e)&&parseInt(e)<=65535)return e;throw new TypeError(`Invalid port \'${e}\'.`)}',
        'return port(e)}',
    ],
    [
        'the default port is left out, however it is written',
        'return z(t)===e&&(e=""),r||e===""?e:G(e)}',
        'return r||e===""||(e=G(e)),z(t)===e?"":e}',
    ],
    ['a protocol begins with a letter', '/^[-+.A-Za-z0-9]*$/', '/^[A-Za-z][-+.A-Za-z0-9]*$/'],
    ['a hash may begin with #', 'return r.hash=e,r.hash?', 'return r.hash="#"+e,r.hash?'],
    ['a search may begin with ?', 'return r.search=e,r.search?', 'return r.search="?"+e,r.search?'],
    ['the same in patterns', 't.search=e,t.search.', 't.search="?"+e,t.search.'],
    ['the same in patterns', 't.hash=e,t.hash.', 't.hash="#"+e,t.hash.'],
    ['an opaque path is no base', 'n&&!ee(e.pathname,r)', 'n&&n.pathname[0]==="/"&&!ee(e.pathname,r)'],
    ['expressions are of the flag v', 'return e&&e.ignoreCase?"ui":"u"}', 'return e&&e.ignoreCase?"vi":"v"}'],
    [
        'text is escaped without a regular expression',
        'return e.replace(/([.+*?^${}()[\\]|/\\\\])/g,"\\\\$1")}a(x,',
        'return escape(e,".+*?^${}()[]|/\\\\")}a(x,',
    ],
    [
        'text is escaped without a regular expression',
        'return e.replace(/([.+*?^${}()[\\]|/\\\\])/g,"\\\\$1")}a(Te,',
        'return escape(e,".+*?^${}()[]|/\\\\")}a(Te,',
    ],
    [
        'text is escaped without a regular expression',
        'return e.replace(/([+*?:{}()\\\\])/g,"\\\\$1")}',
        'return escape(e,"+*?:{}()\\\\")}',
    ],
    [
        'entries are counted',
        'for(let[i,o]of this.#t[l].entries())if(',
        'for(let i=0,o;i<this.#t[l].length;i++)if(o=this.#t[l][i],',
    ],
    ['nothing is compared', /static compareComponent\(t,r,n\)\{.*?\}get protocol\(\)/, 'get protocol()'],
];

// Methods of the language that it calls.
const methods =
    'endsWith,exec,has,add,includes,indexOf,lastIndexOf,push,some,startsWith,substr,substring,test,toLowerCase'.split(
        ',',
    );
const functions = { 'Object.assign': 'assign' };

function replaceOnce(source, [why, from, to]) {
    const found = from instanceof RegExp ? from.test(source) : source.split(from).length === 2;
    if (!found) throw new Error(`urlpattern-polyfill is not the version we know: "${why}" does not match once`);
    return source.replace(from, () => to);
}

function walk(node, visit) {
    if (Array.isArray(node)) {
        for (const child of node) walk(child, visit);
        return;
    }
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
    visit(node);
    for (const key of Object.keys(node)) walk(node[key], visit);
}

// [position, text to put there, characters to leave out]
function editsOf(tree, source) {
    const edits = [];
    walk(tree, (node) => {
        if (node.type === 'ForOfStatement') edits.push([node.right.start, ' $each('], [node.right.end, ')']);
        if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return;
        const { object, property, computed, start, end } = node.callee;
        const whole = source.slice(start, end);
        if (whole in functions) {
            edits.push([start, `$${functions[whole]}`, end - start]);
        } else if (!computed && methods.includes(property.name)) {
            const comma = node.arguments.length > 0 ? ',' : '';
            edits.push(
                [object.start, ` $${property.name}(`],
                [object.end, comma, node.arguments[0]?.start - object.end || 0],
            );
            if (node.arguments.length === 0) edits.at(-1)[2] = node.end - 1 - object.end;
        } else if (
            !computed &&
            property.type === 'Identifier' &&
            !['hasCustomName', 'parse', 'encodePart'].includes(property.name)
        ) {
            throw new Error(`urlpattern-polyfill calls ${whole}, a method of an unknown object`);
        }
    });
    return edits;
}

// The text of a module that exports a function, which makes the class.
export function patchPattern(original, bindings) {
    const source = changes.reduce(replaceOnce, original);
    const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module', preserveParens: true });
    const last = tree.body.at(-1);
    if (last.type !== 'ExportNamedDeclaration' || last.specifiers.length !== 1)
        throw new Error('urlpattern-polyfill exports more');
    const edits = editsOf(tree, source);
    if (edits.length < 100) throw new Error(`urlpattern-polyfill is not the version we know: ${edits.length} changes`);
    edits.push([last.start, `return ${last.specifiers[0].local.name};`, last.end - last.start]);
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
    const names = [...methods, ...Object.values(functions), 'each'].map((name) => `${name} as $${name}`);
    return (
        `import{${names.join()},escape,hostname,port,RegExp,Set,TypeError,URL}from${JSON.stringify(bindings)};\n` +
        `export default function(){${text}${source.slice(at)}}`
    );
}
