// SPDX-License-Identifier: MIT
// inspect-patches.mjs - how the bundle uses node-inspect-extracted.
//
// The package ships one minified file: webpack's table of modules, among them
// Node's lib/internal/util/inspect.js and substitutes for Node's C++ functions
// (is it a Proxy, the state of a Promise, ...). The bundle has only the first,
// which imports inspect-bindings.js in place of the substitutes, with the
// changes below. Each change says how often it must match, so that a different
// version of the package fails the build instead of changing the console.

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
// A pattern from plain text in which «name» is an identifier to capture,
// whatever the minifier called it.
const pattern = (text) =>
    new RegExp(
        text
            .split(/«(\w+)»/)
            .map((part, i) => (i % 2 ? `(?<${part}>[\\w$]+)` : literal(part)))
            .join(''),
        'g',
    );

const NAMES_NOT_PROVIDED = [
    'Proxy',
    'SafeStringIterator',
    'getExternalValue',
    'globalThis',
    'internalBinding',
    'isExternal',
];

export const changes = [
    // -- no look-ups that agent code can redirect
    [
        'the state of a run has no prototype, and a cost account',
        '«n»={budget:{},indentationLvl:0,seen:[],',
        '$<n>={__proto__:null,budget:{__proto__:null},circular:void 0,userOptions:void 0,spent:0,indentationLvl:0,' +
            'seen:newSeenStack(),',
    ],
    [
        'Set entries come from the captured iterator',
        'null,null!==«c»?«e»:«f»(«e2»)),0===«n»&&0===«l».length&&void 0===' + '«s»)return`${«r»}{}`;',
        'null,$<f>($<e2>)),0===$<n>&&0===$<l>.length&&void 0===$<s>)return`${$<r>}{}`;',
        2,
    ],
    ['a typed array without prototype needs no copy', 'new «r»[«o»](«e»));const', 'typedArrayView($<e>));const'],
    [
        'keys are walked without Array.prototype[Symbol.iterator]',
        'for(const «c» of «i»){if("constructor"===',
        'for(const $<c> of iterate($<i>)){if("constructor"===',
    ],
    [
        'the same for options',
        'for(const «c» of «m»(«n»))"object"!=typeof',
        'for(const $<c> of iterate($<m>($<n>)))"object"!=typeof',
    ],
    ['the same for stack lines', 'for(let «i» of «n»){const', 'for(let $<i> of iterate($<n>)){const'],
    ['list.splice()', '«r».splice(', 'ArrayPrototypeSplice($<r>,', 3],
    ['list.pop(), but for the stack of seen objects', /(?<![.\w$])(?<s>[\w$]+)\.pop\(\)/g, 'ArrayPrototypePop($<s>)'],
    [
        'list.push()',
        /(?<e>[\w$]+)\.push\((?<values>[\w$]+\+[\w$]+,[\w$]+,[\w$]+)\)/g,
        'ArrayPrototypePushApply($<e>,[$<values>])',
    ],
    ['list.indexOf()', /(?<o>[\w$]+)\.indexOf\((?=[\w$]+\)\+1)/g, 'ArrayPrototypeIndexOf($<o>,'],
    [
        'a subclass of a builtin shows the builtin: MySet(1) [Set] { 1 }',
        /if\(""!==(?<e>[\w$]+)\)\{const (?<n>[\w$]+)=(?<t>[\w$]+)\.indexOf\(\k<e>\);if\(-1===\k<n>\)(?<o>[\w$]+)\+=`\[\$\{\k<e>\}\] `;else\{.*?\}\}(?=return \k<o>\})/g,
        'if(""!==$<e>&&$<t>!==$<e>)$<o>+=`[${$<e>}] `;',
    ],
    ['a list to be filled, new Array(n)', /=new [\w$]+\((?<n>[\w$.]+)\)(?=[,;])/g, '=newList($<n>)', 5],
    ['fn.bind()', '=«y».bind(null,«l»)', '=FunctionPrototypeBind($<y>,null,$<l>)'],
    [
        'hooks are given inspect(): they cannot change its defaults',
        'get:()=>«o»,set:«t»=>(«d»(«t1»,"options"),«u»(«o1»,«t2»))',
        'get:()=>({...$<o>}),set(){}',
    ],

    // -- bounds
    [
        'a rendering stops when no more of it can be shown',
        'function «f»(«t»,«e»,«o»,«i»){if("object"!=typeof',
        'function $<f>($<t>,$<e>,$<o>,$<i>){if($<t>.spent>MAX_ENTRY)return"...";' +
            'const before=$<t>.spent,text=formatUncounted($<t>,$<e>,$<o>,$<i>);$<t>.spent=before+text.length;return text}' +
            'function formatUncounted($<t>,$<e>,$<o>,$<i>){if("object"!=typeof',
    ],
    [
        'and so does the list of its keys',
        'for(«p»=0;«p1»<«l».length;«p2»++)«b»(«R»,«E»(«t»,«e»,«o»,«l1»[«p3»],«L»));void 0',
        'for($<p>=0;$<p>< $<l>.length;$<p>++){if($<t>.spent>MAX_ENTRY){$<b>($<R>,"...");break}' +
            'const before=$<t>.spent,text=$<E>($<t>,$<e>,$<o>,$<l>[$<p>],$<L>);$<b>($<R>,text);$<t>.spent=before+text.length}void 0',
    ],
    [
        'and the directives of a format',
        /let (?<r>[\w$]+)=0,(?<o>[\w$]+)="",[\w$]+="";.*?if\(\k<r>\+1!==[\w$]+\.length(?=\)\{switch\()/gs,
        '$&&&$<o>.length<=MAX_ENTRY',
    ],
    [
        'and the other arguments',
        /for\(;(?<r>[\w$]+)<(?<e>[\w$]+)\.length;\)\{const (?<n>[\w$]+)=\k<e>\[\k<r>\];(?<o>[\w$]+)\+=/g,
        'for(;$<r><$<e>.length&&$<o>.length<=MAX_ENTRY;){const $<n>=$<e>[$<r>];$<o>+=',
    ],
    [
        'an array with holes is not asked for all of its keys',
        /\{const (?<l>[\w$]+)=[\w$]+\((?<e>[\w$]+)\);let (?<s>[\w$]+)=(?<i>[\w$]+);for\(;\k<i><\k<l>\.length&&(?<o>[\w$]+)\.length<(?<r>[\w$]+);/g,
        '{const $<l>=keysFromHole($<e>,$<i>,$<r>);let $<s>=$<i>;for(;$<i><$<l>.length&&$<o>.length<$<r>;',
    ],
    ['stacks are short and without frames of the prelude', '{«n»=«e».stack}catch', '{$<n>=stackOf($<e>)}catch'],

    // -- functions that a bare V8 lacks, or has itself
    [
        'the width of a text is measured by the bindings',
        /if\([\w$]+\("config"\)\.hasIntl\)[^{}]*else\{(?<w>[\w$]+)=function.*?(?=function [\w$]+\([\w$]+\)\{return [\w$]+\([\w$]+,"str"\))/gs,
        '$<w>=getStringWidth;',
    ],
    [
        'Buffer.prototype.hexSlice',
        /void 0===(?<h>[\w$]+)&&\(\k<h>=[^;]*hexSlice\)\);const (?<o>[\w$]+)=\k<h>\(/g,
        'const $<o>=hexSlice(',
    ],
    [
        'the names of builtin classes',
        /(?<f>[\w$]+)\((?<names>[\w$]+)\((?<g>[\w$]+)\),(?<t>[\w$]+)=>null!==/g,
        '$<f>(builtinNames,$<t>=>null!==',
    ],
    [
        'URL renders itself with a custom hook',
        /!function\((?<t>[\w$]+)\)\{return [^{}]*"string"==typeof \k<t>\.href&&[^{}]*\}\([\w$]+\)(?=\|\|)/g,
        'true',
    ],
    [
        'the content of a WeakMap or WeakSet cannot be listed',
        /=[\w$]+\.showHidden\?[\w$]+:(?<unknown>[\w$]+)(?=;else if)/g,
        '=$<unknown>',
        2,
    ],
    [
        'no working directory to grey out',
        /function\(\)\{let (?<t>[\w$]+);try\{\k<t>=process\.cwd\(\)\}catch\{return\}return \k<t>\}\(\)/g,
        'void 0',
    ],
    [
        'no file URLs',
        /function [\w$]+\([\w$]+\)\{return (?<P>[\w$]+)=\k<P>\|\|n\(\d+\),\k<P>\.pathToFileURL\([\w$]+\)\.href\}/g,
        '',
    ],
    [
        'Temporal in place of v8::External',
        /if\([\w$]+\((?<e>[\w$]+)\)\)\{const (?<n>[\w$]+)=[\w$]+\(\k<e>\)\.toString\(16\);return (?<t>[\w$]+)\.stylize\(`\[External: \$\{\k<n>\}\]`,"special"\)\}/g,
        'const $<n>=temporalText($<e>);if($<n>!==void 0)return $<t>.stylize($<n>,"date");',
    ],
];

function replaceExactly(source, [why, find, put, times = 1]) {
    const regexp = typeof find === 'string' ? pattern(find) : find;
    const count = [...source.matchAll(regexp)].length;
    if (count !== times) {
        throw new Error(
            `node-inspect-extracted is not the version we know: "${why}" matches ${count} times, not ${times}`,
        );
    }
    return source.replace(regexp, put);
}

function only(source, regexp, what) {
    const found = [...source.matchAll(regexp)];
    if (found.length !== 1) throw new Error(`node-inspect-extracted: ${found.length} matches for ${what}, not 1`);
    return found[0];
}

// The body of webpack's module that holds Node's inspect.js.
function inspectModule(source) {
    const starts = [...source.matchAll(/[{,]\d+\(t(?:,e(?:,n)?)?\)\{/g)];
    const at = starts.findIndex(({ index, 0: head }) =>
        /^const r=n\(\d+\),\{AggregateError:/.test(source.slice(index + head.length, index + head.length + 100)),
    );
    if (at === -1 || at + 1 === starts.length) throw new Error('node-inspect-extracted: module not found');
    return source.slice(starts[at].index + starts[at][0].length, starts[at + 1].index - 1);
}

// const r=n(1),{A:a}=r,{constants:{B:b},C:c}=n(2),d=n(3)  ->  import {A as a, ...}
function importsOf(header) {
    const pairs = [...header.replace('constants:', '').matchAll(/(\w+):([\w$]+)/g)].map(([, name, alias]) => [
        name,
        alias,
    ]);
    pairs.push(['assert', only(header, /,(\w+)=n\(\d+\),\{BuiltinModule:/g, 'assert')[1]]);
    return pairs;
}

// The text of an ES module that exports `inspect` and `formatArgs`.
export function patchInspect(source, bindings) {
    const body = inspectModule(source);
    const end = only(body, /;let \$n,Pn,Sn;/g, 'the end of the imports').index;
    const pairs = importsOf(body.slice(0, end));
    const tail = only(
        body,
        /t\.exports=\{.*?inspect:(?<inspect>[\w$]+),.*?format:function\(\.\.\.t\)\{return (?<format>[\w$]+)\(.*$/gs,
        'the exports',
    );
    const { inspect, format } = tail.groups;

    let text = body.slice(end + 1, tail.index);
    for (const change of changes) text = replaceExactly(text, change);

    const missing = pairs.filter(([name]) => NAMES_NOT_PROVIDED.includes(name));
    for (const [name, alias] of missing) {
        if (new RegExp(`(?<![\\w$.])${literal(alias)}(?![\\w$])`).test(text)) {
            throw new Error(`node-inspect-extracted: ${name} is used again`);
        }
    }
    const names = pairs.filter((pair) => !missing.includes(pair)).map(([name, alias]) => `${name} as ${alias}`);
    const extra = [
        'MAX_ENTRY',
        'ArrayPrototypeIndexOf',
        'ArrayPrototypePop',
        'ArrayPrototypePushApply',
        'ArrayPrototypeSplice',
        'FunctionPrototypeBind',
        'StringPrototypeIndexOf',
        'builtinNames',
        'getStringWidth',
        'hexSlice',
        'iterate',
        'keysFromHole',
        'newList',
        'newSeenStack',
        'stackOf',
        'temporalText',
        'typedArrayView',
    ];
    return (
        `import{${[...names, ...extra].join(',')}}from${JSON.stringify(bindings)};\n${text}\n` +
        `export{${inspect} as inspect,${format} as formatArgs};\n`
    );
}
