// SPDX-License-Identifier: MIT
// late.mjs - delays the modules of web/late/ until they are used: each becomes a function that makes the module's exports
// and returns them by name. Imports stay outside of the function: they are captured while the base snapshot is made.
//
//     import { Event } from '../events.js';              import { Event } from '../events.js';
//     export class MessageEvent extends Event {}    ->   export default function () {
//                                                            class MessageEvent extends Event {}
//                                                            return { __proto__: null, MessageEvent };
//                                                        }

import { packages } from '../../tools/packages.mjs';

const { parse } = packages('prelude')('acorn');

// The names that an exported declaration declares.
function declared({ type, id, declarations }, where) {
    if (type !== 'VariableDeclaration') return [id.name];
    return declarations.map((one) => {
        if (one.id.type !== 'Identifier') throw new Error(`${where}: export one name a time`);
        return one.id.name;
    });
}

// The text of a module of web/late/, as one that exports a function.
export function makeLate(source, where) {
    const { body } = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
    let outside = '';
    let inside = '';
    const names = [];
    for (const node of body) {
        const text = (from) => `${source.slice(from.start, from.end)}\n`;
        if (node.type === 'ImportDeclaration') {
            outside += text(node);
        } else if (node.type === 'ExportNamedDeclaration' && node.declaration !== null) {
            names.push(...declared(node.declaration, where));
            inside += text(node.declaration);
        } else if (node.type.startsWith('Export')) {
            throw new Error(`${where}: export declarations only`);
        } else {
            inside += text(node);
        }
    }
    return `${outside}export default function () {\n${inside}return { __proto__: null, ${names.join(', ')} };\n}\n`;
}
