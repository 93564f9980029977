// SPDX-License-Identifier: MIT
// random.mjs - random schemas and values, the same ones in every run. SEED=N in the environment gives others.
// mulberry32: the same sequence in every run.
let state = Number(process.env.SEED ?? 1);
export function random() {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (n) => Math.floor(random() * n);
export const pick = (list) => list[below(list.length)];
export const some = (make, most, least = 0) => Array.from({ length: least + below(most - least + 1) }, make);

const NAMES = ['a', 'b', 'ab', 'é', 'x y'];
const STRINGS = ['', 'a', 'ab', 'abc', 'b1', '😀', 'é', '10', 'a\nb', '\u0000', '/~'];
const NUMBERS = [0, 1, -1, 2, 3, 10, 0.5, 1.5, -2.5, 1e15, 1e-7, 9007199254740991];
const PATTERNS = [
    'a',
    '^a',
    'b$',
    '^[ab]+$',
    '^.$',
    '\\d',
    '^\\w*$',
    '(a|b)1?',
    '^[^a]*$',
    '[^]',
    '\\u0061',
    'é',
    '^\\p{L}+$',
];
const TYPES = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];

function entries(names, make) {
    const map = Object.create(null);
    for (const name of names) map[name] = make();
    return map;
}

export function value(depth) {
    switch (below(depth > 0 ? 9 : 6)) {
        case 0:
            return null;
        case 1:
            return random() < 0.5;
        case 2:
        case 3:
            return pick(NUMBERS);
        case 4:
        case 5:
            return pick(STRINGS);
        case 6:
            return some(() => value(depth - 1), 4);
        case 7:
            return some(() => pick([1, 1.5, 'a', null, [1], [1, 2]]), 3);
        default:
            return entries(
                some(() => pick(NAMES), 4),
                () => value(depth - 1),
            );
    }
}

const KEYWORDS = {
    type: () => (random() < 0.7 ? pick(TYPES) : [...new Set(some(() => pick(TYPES), 3, 1))]),
    enum: (d) => distinct(some(() => value(d), 4, 1)),
    const: (d) => value(d),
    minLength: () => below(4),
    maxLength: () => below(4),
    pattern: () => pick(PATTERNS),
    minimum: () => pick(NUMBERS),
    maximum: () => pick(NUMBERS),
    exclusiveMinimum: () => pick(NUMBERS),
    exclusiveMaximum: () => pick(NUMBERS),
    multipleOf: () => pick([1, 2, 3, 0.5, 0.25]),
    properties: (d) =>
        entries(
            some(() => pick(NAMES), 4),
            () => schema(d - 1),
        ),
    patternProperties: (d) =>
        entries(
            some(() => pick(PATTERNS), 2),
            () => schema(d - 1),
        ),
    additionalProperties: (d) => schema(d - 1),
    propertyNames: (d) => schema(d - 1),
    required: () => [...new Set(some(() => pick(NAMES), 2))],
    minProperties: () => below(4),
    maxProperties: () => below(4),
    dependentRequired: () =>
        entries(
            some(() => pick(NAMES), 2),
            () => [...new Set(some(() => pick(NAMES), 2))],
        ),
    dependentSchemas: (d) =>
        entries(
            some(() => pick(NAMES), 2),
            () => schema(d - 1),
        ),
    prefixItems: (d) => some(() => schema(d - 1), 3, 1),
    items: (d) => schema(d - 1),
    contains: (d) => ({ ...schema(d - 1), type: pick(TYPES) }),
    minContains: () => below(3),
    maxContains: () => below(3),
    minItems: () => below(4),
    maxItems: () => below(4),
    uniqueItems: () => random() < 0.8,
    allOf: (d) => some(() => schema(d - 1), 2, 1),
    anyOf: (d) => some(() => schema(d - 1), 3, 1),
    oneOf: (d) => some(() => schema(d - 1), 3, 1),
    not: (d) => schema(d - 1),
    if: (d) => schema(d - 1),
    then: (d) => schema(d - 1),
    else: (d) => schema(d - 1),
    $ref: () => pick(['#/$defs/s', '#/$defs/t']),
    description: () => 'text',
    format: () => 'email',
};
const UNEVALUATED = {
    unevaluatedProperties: (d) => (random() < 0.6 ? false : schema(d - 1)),
    unevaluatedItems: (d) => (random() < 0.6 ? false : schema(d - 1)),
};
const OF_2020 = new Set(['prefixItems', 'dependentRequired', 'dependentSchemas', 'minContains', 'maxContains']);
const OF_7 = {
    items: (d) => some(() => schema(d - 1), 3, 1),
    additionalItems: (d) => schema(d - 1),
    dependencies: (d) =>
        entries(
            some(() => pick(NAMES), 2),
            () => (random() < 0.5 ? [pick(NAMES)] : schema(d - 1)),
        ),
};

export function distinct(list) {
    return [...new Map(list.map((v) => [JSON.stringify(v), v])).values()];
}

let names = Object.keys(KEYWORDS);
let makers = KEYWORDS;
function schema(depth) {
    if (depth < 0 || random() < 0.08) return random() < 0.8;
    return fill(
        some(() => pick(names), 4),
        depth,
    );
}
function fill(keywords, depth) {
    const s = {};
    for (const k of keywords) s[k] = makers[k](depth);
    if ((s.prefixItems || Array.isArray(s.items)) && !makers.unevaluatedItems) delete s.contains; // Ajv: see t-ajv.mjs
    if (!makers.prefixItems && s.$ref) return { $ref: s.$ref }; // draft-07 ignores what stands beside
    return s;
}
// A schema of draft 2020-12; or of draft-07; or one of 2020-12 that asks what no other keyword has looked at.
export function whole(kind) {
    makers = { ...KEYWORDS };
    if (kind === 'draft7') {
        Object.assign(makers, OF_7);
        for (const k of OF_2020) delete makers[k];
    }
    if (kind === 'unevaluated') Object.assign(makers, UNEVALUATED);
    names = Object.keys(makers);
    const more = kind === 'unevaluated' ? Object.keys(UNEVALUATED) : [];
    const s = fill([...some(() => pick(names), 5, 1), ...more], 3);
    // References are used by the definitions' users only, so that none leads back to itself.
    const without = names;
    names = names.filter((k) => k !== '$ref');
    s.$defs = { s: schema(2), t: schema(2) };
    names = without;
    return s;
}
