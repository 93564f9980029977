// SPDX-License-Identifier: MIT
// strip.js - turns TypeScript into JavaScript: types become blanks of the same length and line ends stay, so that lines and
// columns stay the same. TypeScript that is more than types is refused.
//
// The parser is lenient: V8 reports errors in the resulting JavaScript.

import { parse, parseExpression } from '@babel/parser';

const options = (...plugins) => ({
    sourceType: 'module',
    allowReturnOutsideFunction: true,
    allowUndeclaredExports: true,
    allowNewTargetOutsideFunction: true,
    allowSuperOutsideMethod: true,
    attachComment: false,
    createParenthesizedExpressions: true,
    errorRecovery: true,
    plugins: ['typescript', 'decorators-legacy', 'decoratorAutoAccessors', ...plugins],
});

// ---- TypeScript that cannot be blanked

class Refusal extends Error {
    constructor(at, what) {
        super(`${what} cannot be erased: it is code, not a type`);
        this.at = at;
    }
}

function refuse(node, what) {
    throw new Refusal(node.start, what);
}

// True for statements that are only types.
const isType = (node) =>
    node.declare === true ||
    node.importKind === 'type' ||
    node.exportKind === 'type' ||
    node.type === 'TSInterfaceDeclaration' ||
    node.type === 'TSTypeAliasDeclaration' ||
    node.type === 'TSDeclareFunction' ||
    node.type === 'TSNamespaceExportDeclaration' ||
    (node.type === 'TSModuleDeclaration' && !hasValues(node)) ||
    (/^Export(Named|Default)Declaration$/.test(node.type) && node.declaration != null && isType(node.declaration));

const isStatement = (key) => key === 'body' || key === 'consequent' || key === 'alternate';

// True for a namespace with a value in it; without values it is a type.
function hasValues({ body }) {
    if (body?.type === 'TSModuleDeclaration') return hasValues(body);
    return (body?.body ?? []).some((statement) => !isType(statement) && statement.type !== 'EmptyStatement');
}

// ---- the pass

const LINE_END = /[\n\r\u2028\u2029]/;

class Stripper {
    constructor(text, comments) {
        this.text = text;
        this.starts = new Map(comments.map((comment) => [comment.start, comment.end]));
        this.ends = new Map(comments.map((comment) => [comment.end, comment.start]));
        this.blanked = new Uint8Array(text.length);
        this.put = new Map(); // characters in place of others, by position
        this.methods = new Set(); // ends of methods: in a class the next line never continues a method
        this.later = []; // checks to make when everything is blanked, from the end on
    }

    blank(from, to) {
        this.blanked.fill(1, from, to);
    }

    // after(): the next place that is neither a blank nor a comment; before(): the end of the last such text.
    after(at) {
        for (;;) {
            if (this.starts.has(at)) at = this.starts.get(at);
            else if (at < this.text.length && /\s/.test(this.text[at])) at++;
            else return at;
        }
    }

    before(at) {
        for (;;) {
            if (this.ends.has(at)) at = this.ends.get(at);
            else if (at > 0 && /\s/.test(this.text[at - 1])) at--;
            else return at;
        }
    }

    // The next character that is neither blanked nor a blank nor in a comment; '' at the end.
    leftAfter(at) {
        for (let was = -1; was !== at; ) {
            was = at;
            at = this.after(at);
            while (this.blanked[at] && !this.put.has(at)) at++;
        }
        return this.put.get(at) ?? this.text[at] ?? '';
    }

    // Like before(), but also skips blanked text.
    leftBefore(at) {
        for (let was = -1; was !== at; ) {
            was = at;
            at = this.before(at);
            while (at > 0 && this.blanked[at - 1] && !this.put.has(at - 1)) at--;
        }
        return at;
    }

    hasLineEnd(from, to) {
        return LINE_END.test(this.text.slice(from, to));
    }

    // ---- statements and members that are blanked, or whose end is blanked

    // True when the text here could continue the statement before. In other cases the line end, or the word that was
    // blanked, ends that statement.
    continues(at) {
        return /[([`+\-/*]/.test(this.leftAfter(at));
    }

    gone(node, alone) {
        this.blank(node.start, node.end);
        if (alone)
            this.put.set(node.start, ';'); // the body of an `if` or a loop
        else this.later.push(() => this.divide(node.start, node.end));
    }

    divide(from, to) {
        const end = this.leftBefore(from);
        const last = this.put.get(end - 1) ?? this.text[end - 1] ?? '';
        if (this.continues(to) && !/^[;{]?$/.test(last) && !this.methods.has(end)) this.put.set(from, ';');
    }

    // Ends a statement or a property that had a type at its end and no semicolon.
    ended(node, always) {
        let from = node.end;
        let first = -1;
        for (let at = from; at > node.start; at = from) {
            from = this.before(at);
            while (from > node.start && this.blanked[from - 1]) first = --from;
            if (from === at) break;
        }
        if (first >= 0 && !this.put.has(first) && (always || this.continues(node.end))) this.put.set(first, ';');
    }

    // ---- parts of nodes

    // Blanks an item of a list with the comma after it.
    item(node) {
        const comma = this.after(node.end);
        this.blank(node.start, node.end);
        if (this.text[comma] === ',') this.blank(comma, comma + 1);
    }

    // Blanks the `?` or `!` after a name.
    mark(at) {
        if (/[?!]/.test(this.text[at])) this.blank(at, at + 1);
    }

    marked(node, end) {
        if (node.optional || node.definite) this.mark(this.before(node.typeAnnotation?.start ?? end) - 1);
    }

    word(at, word) {
        if (this.text.startsWith(word, at)) this.blank(at, at + word.length);
    }

    // Blanks words before the name of a member that only TypeScript has.
    modifiers(node) {
        const end = node.computed ? this.before(node.key.start) - 1 : node.key.start;
        let first = -1;
        for (let at = this.after(node.start); at < end; ) {
            const [word] = /^[a-z]*/.exec(this.text.slice(at, end));
            if (/^(public|private|protected|readonly|override|abstract|declare)$/.test(word)) {
                this.blank(at, at + word.length);
                if (first < 0) first = at;
            }
            at = this.after(at + (word.length || 1));
        }
        if (first !== node.start) return;
        // Behind a property without a semicolon.
        if (node.computed || node.generator) this.put.set(first, ';');
    }

    endOfKey(node) {
        return node.computed ? this.after(node.key.end) + 1 : node.key.end;
    }

    // The text before a place, long enough for the longest keyword and a letter before it.
    textBefore(at) {
        const end = this.before(at);
        return this.text.slice(Math.max(0, end - 7), end);
    }

    // Arrow functions: no line end may come between the parameters and the arrow.
    arrow(node) {
        const { typeParameters, returnType } = node;
        if (typeParameters && (node.async || /\b(return|throw|yield)$/.test(this.textBefore(node.start)))) {
            const parenthesis = this.after(typeParameters.end);
            if (this.hasLineEnd(typeParameters.start, parenthesis)) {
                this.put.set(typeParameters.start, '(');
                this.blank(parenthesis, parenthesis + 1);
            }
        }
        if (returnType) {
            const parenthesis = this.before(returnType.start) - 1;
            if (this.hasLineEnd(parenthesis, returnType.end)) {
                this.blank(parenthesis, parenthesis + 1);
                this.put.set(returnType.end - 1, ')');
            }
        }
    }

    parameters([first]) {
        if (first?.type === 'Identifier' && first.name === 'this') this.item(first);
    }

    // ---- nodes

    visit(node, parent, key) {
        if (node.decorators?.length) refuse(node.decorators[0], 'a decorator');
        if (isStatement(key) && isType(node)) {
            this.gone(node, !Array.isArray(parent[key]));
            return;
        }
        if (this[node.type]?.(node) === false) return;
        for (const name in node) {
            const value = node[name];
            if (value === null || typeof value !== 'object' || name === 'loc' || name === 'extra') continue;
            for (const one of Array.isArray(value) ? value : [value]) if (one?.type) this.visit(one, node, name);
        }
    }

    // Types.
    TSTypeAnnotation(node) {
        this.blank(node.start, node.end);
        return false;
    }

    // Names and patterns.
    Identifier(node) {
        this.marked(node, node.end);
    }

    VariableDeclarator(node) {
        if (node.definite) this.mark(this.before(node.id.typeAnnotation.start) - 1);
    }

    // Functions.
    FunctionDeclaration(node) {
        this.parameters(node.params);
    }

    ArrowFunctionExpression(node) {
        this.arrow(node);
    }

    // Classes.
    ClassDeclaration(node) {
        if (node.abstract) this.word(node.start, 'abstract');
        if (node.implements?.length) {
            const end = this.before(node.implements[0].start);
            this.blank(end - 'implements'.length, node.implements.at(-1).end);
            node.implements = null;
        }
    }

    ClassMethod(node) {
        this.methods.add(node.end);
        this.modifiers(node);
        this.parameters(node.params);
        if (node.optional) this.mark(this.after(this.endOfKey(node)));
    }

    ClassProperty(node) {
        if (node.abstract) return this.TSDeclareMethod(node);
        this.modifiers(node);
        if (node.optional || node.definite) this.mark(this.after(this.endOfKey(node)));
        if (this.text[node.end - 1] !== ';') {
            // `get: T` before a method would become a getter.
            const isWord = !node.value && !node.computed && /^(get|set|static|async|accessor)$/.test(node.key.name);
            this.later.push(() => this.ended(node, isWord));
        }
        return undefined;
    }

    TSDeclareMethod(node) {
        this.gone(node, false);
        return false;
    }

    TSParameterProperty(node) {
        refuse(node, 'a parameter property');
    }

    // Expressions.
    TSAsExpression(node) {
        this.blank(this.after(node.expression.end), node.end);
        this.visit(node.expression, node, 'expression');
        return false;
    }

    TSNonNullExpression(node) {
        this.blank(node.end - 1, node.end);
    }

    TSTypeAssertion(node) {
        if (this.hasLineEnd(node.start, node.expression.start)) refuse(node, '`<T>value` over several lines');
        this.blank(node.start, node.expression.start);
        this.visit(node.expression, node, 'expression');
        return false;
    }

    // Statements.
    ExpressionStatement(node) {
        if (this.text[node.end - 1] !== ';') this.later.push(() => this.ended(node, false));
    }

    ImportSpecifier(node) {
        if (node.importKind !== 'type' && node.exportKind !== 'type') return undefined;
        this.item(node);
        return false;
    }

    // More than types: refused.
    TSEnumDeclaration(node) {
        refuse(node, '`enum`');
    }

    TSModuleDeclaration(node) {
        refuse(node, '`namespace`');
    }

    TSImportEqualsDeclaration(node) {
        refuse(node, node.moduleReference.type === 'TSExternalModuleReference' ? '`import = require`' : '`import =`');
    }

    TSExportAssignment(node) {
        refuse(node, '`export =`');
    }

    JSXElement(node) {
        refuse(node, 'JSX');
    }
}

const same = {
    TSTypeAnnotation: ['TSTypeParameterDeclaration', 'TSTypeParameterInstantiation'],
    Identifier: ['ObjectPattern', 'ArrayPattern', 'RestElement', 'AssignmentPattern'],
    FunctionDeclaration: ['FunctionExpression', 'ObjectMethod'],
    ClassDeclaration: ['ClassExpression'],
    ClassMethod: ['ClassPrivateMethod'],
    ClassProperty: ['ClassPrivateProperty', 'ClassAccessorProperty'],
    TSDeclareMethod: ['TSIndexSignature'],
    TSAsExpression: ['TSSatisfiesExpression'],
    ExpressionStatement: ['VariableDeclaration', 'ReturnStatement', 'ThrowStatement', 'ExportDefaultDeclaration'],
    ImportSpecifier: ['ExportSpecifier'],
    JSXElement: ['JSXFragment'],
};
for (const [name, others] of Object.entries(same))
    for (const other of others) Stripper.prototype[other] = Stripper.prototype[name];

// A blank with as many bytes of UTF-8 and units of UTF-16: a pair of surrogates has four bytes.
function blankFor(unit) {
    if (unit < 0x80 || (unit >= 0xd800 && unit < 0xdc00)) return ' ';
    if (unit < 0x800) return '\u00a0';
    return unit >= 0xdc00 && unit < 0xe000 ? '\ufeff' : '\u2002';
}

function result({ text, blanked, put }) {
    let out = '';
    let from = 0;
    for (let at = 0; at <= text.length; at++) {
        if (at < text.length && !put.has(at) && (!blanked[at] || /\s/.test(text[at]))) continue;
        out += text.slice(from, at);
        if (at < text.length) out += put.get(at) ?? blankFor(text.charCodeAt(at));
        from = at + 1;
    }
    return out;
}

// ---- the whole

// Errors about types in wrong places. After other errors the parser goes on: they do not matter for the remaining
// JavaScript, or V8 reports them, too.
const WRONG = new Set(['UnexpectedTypeAnnotation', 'UnexpectedTypeCastInParameter', 'TypeAnnotationAfterAssign']);

function checked(root, { errors, comments }) {
    const wrong = errors?.find(({ reasonCode }) => WRONG.has(reasonCode));
    if (wrong) throw wrong;
    return { root, comments: comments ?? [] };
}

function parsed(text, ...plugins) {
    const file = parse(text, options(...plugins));
    return checked(file.program, file);
}

// Parses a text that is one expression, perhaps with a semicolon after it.
function parsedExpression(text) {
    const expression = parseExpression(text.replace(/;\s*$/, ''), options());
    return checked({ type: 'File', expression }, expression);
}

// Tries several ways to parse; throws the error that is furthest in the text.
function firstOf(...ways) {
    let furthest;
    for (const way of ways) {
        try {
            return way();
        } catch (error) {
            if (error instanceof RangeError) throw error;
            if (!furthest || error.pos > furthest.pos) furthest = error;
        }
    }
    throw furthest;
}

const place = (text, at) => {
    const lines = text.slice(0, at).split(/\r\n|[\n\r\u2028\u2029]/);
    return { line: lines.length, column: lines.at(-1).length + 1 };
};

// The message in V8's words, which name the token.
function wordsOf(text, { message, pos }) {
    const words = message.replace(/ \(\d+:\d+\)$/, '');
    const [token] = /^[\w$]+|^[^\s]|^/u.exec(text.slice(pos));
    if (!/^Unexpected token\.?$/.test(words)) return words;
    return token === '' ? 'Unexpected end of input' : `Unexpected token '${token}'`;
}

// {code}; or {message, line, column}, with `refused` when it is TypeScript that is more than types.
export function strip(text) {
    try {
        const { root, comments } = firstOf(
            () => parsed(text),
            () => parsedExpression(text),
            () => parsed(text, 'jsx'),
        );
        const stripper = new Stripper(text, comments);
        stripper.visit(root, null, '');
        for (const look of stripper.later.reverse()) look();
        return { code: result(stripper) };
    } catch (error) {
        if (error instanceof Refusal) return { refused: true, message: error.message, ...place(text, error.at) };
        if (error?.pos === undefined) throw error;
        return { message: wordsOf(text, error), ...place(text, error.pos) };
    }
}
