// SPDX-License-Identifier: MIT
// brands.mjs - adds the same code to all classes of the web: each member first checks that `this` is one of the class's
// objects, and the class registers this check in web/brand.js.
//
//     asInterface(Performance, 'Performance', ...)        names a class
//     class Performance { #own = true; now() { ... } }    its first private field tells its objects from others
//
// becomes
//
//     let Performance = Object({ Performance: class {
//         static { $brand(this, (object) => #own in object); }
//         #own = true;
//         now() { if (!$isObject(this) || !(#own in this)) $illegal('now', 'Performance'); ... }
//     } }).Performance;
//
// which also keeps the name of the class, in spite of the minifier: V8 shows it when the class is called without `new`.

import { packages } from '../../tools/packages.mjs';

const { parse } = packages('prelude')('acorn');

function walk(node, visit) {
    if (Array.isArray(node)) {
        for (const child of node) walk(child, visit);
        return;
    }
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
    visit(node);
    for (const key of Object.keys(node)) walk(node[key], visit);
}

// The classes that this file passes to a function as its first argument.
function classesGivenTo(name, tree) {
    const names = new Set();
    walk(tree, (node) => {
        if (node.type !== 'CallExpression' || node.callee.name !== name) return;
        if (node.arguments[0]?.type === 'Identifier') names.add(node.arguments[0].name);
    });
    return names;
}

const isPublic = (member) =>
    member.type === 'MethodDefinition' &&
    member.kind !== 'constructor' &&
    !member.static &&
    !member.computed &&
    member.key.type === 'Identifier';

// [position, text to insert, characters to remove]: a class expression without a name gets that of the property. The
// bundler would simplify `{ X: class {} }.X` to the class, so the object goes through a call.
export const keepName = ({ start, end, id }, name, object = 'Object') => [
    [start, `let ${name}=${object}({${name}:`],
    [id.start, '', id.end - id.start],
    [end, `}).${name};`],
];

function brandMembers(declaration, name) {
    const { body } = declaration.body;
    const field = body.find(
        ({ type, key, static: isStatic }) =>
            type === 'PropertyDefinition' && !isStatic && key.type === 'PrivateIdentifier',
    );
    if (field === undefined) throw new Error(`${name} has no private field that tells its objects from others`);
    const brand = `#${field.key.name}`;
    const edits = [[declaration.body.start + 1, `static{$brand(this,(object)=>${brand} in object)}`]];
    for (const member of body) {
        if (!isPublic(member)) continue;
        const check = `if(!$isObject(this)||!(${brand} in this))$illegal(${JSON.stringify(member.key.name)},"${name}");`;
        edits.push([member.value.body.start + 1, check]);
    }
    return edits;
}

// The text of a module of web/, with the changes above.
export function brandClasses(source, brandModule, primordials) {
    const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
    const names = classesGivenTo('asInterface', tree);
    const done = classesGivenTo('brand', tree); // by hand
    const edits = [];
    walk(tree, (node) => {
        if (node.type !== 'ClassDeclaration' || !names.has(node.id.name)) return;
        const { name } = node.id;
        edits.push(...keepName(node, name, '$Object'));
        if (!done.has(name)) edits.push(...brandMembers(node, name));
    });
    if (edits.length === 0) return source;
    edits.sort((a, b) => a[0] - b[0]);
    let text = '';
    let at = 0;
    for (const [position, put, skip = 0] of edits) {
        text += source.slice(at, position) + put;
        at = position + skip;
    }
    return (
        `import{brand as $brand,illegal as $illegal,isObject as $isObject}from${JSON.stringify(brandModule)};\n` +
        `import{Object as $Object}from${JSON.stringify(primordials)};\n` +
        text +
        source.slice(at)
    );
}
