// SPDX-License-Identifier: MIT
// t-ajv.mjs - host/schema/schema.h and Ajv are asked about the same random schemas and values, and have to agree. The schemas
// are those of 2020-12, or of draft-07 where they spell tuples its way. What iso4 does on purpose otherwise (multiples
// in decimal, tagged values) does not come up, and neither does what Ajv gets wrong: names that are empty
// or found in Object.prototype, `contains` that takes anything or stands beside a tuple.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { packages } from '../../tools/packages.mjs';

const require = packages('libraries');
const Ajv2020 = require('ajv/dist/2020').default;
const Ajv7 = require('ajv').default;

const SCHEMAS = 1500;
const VALUES = 25;

// mulberry32: the same sequence in every run.
let state = Number(process.env.SEED ?? 1);
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const some = (make, most, least = 0) => Array.from({ length: least + below(most - least + 1) }, make);

const NAMES = ['a', 'b', 'ab', 'é', 'x y'];
const STRINGS = ['', 'a', 'ab', 'abc', 'b1', '😀', 'é', '10', 'a\nb', '\u0000', '/~'];
const NUMBERS = [0, 1, -1, 2, 3, 10, 0.5, 1.5, -2.5, 1e15, 1e-7, 9007199254740991];
const PATTERNS = ['a', '^a', 'b$', '^[ab]+$', '^.$', '\\d', '^\\w*$', '(a|b)1?', '^[^a]*$', '[^]', '\\u0061', 'é', '^\\p{L}+$'];
const TYPES = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];

function entries(names, make) {
  const map = Object.create(null);
  for (const name of names) map[name] = make();
  return map;
}

function value(depth) {
  switch (below(depth > 0 ? 9 : 6)) {
    case 0: return null;
    case 1: return random() < 0.5;
    case 2: case 3: return pick(NUMBERS);
    case 4: case 5: return pick(STRINGS);
    case 6: return some(() => value(depth - 1), 4);
    case 7: return some(() => pick([1, 1.5, 'a', null, [1], [1, 2]]), 3);
    default: return entries(some(() => pick(NAMES), 4), () => value(depth - 1));
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
  properties: (d) => entries(some(() => pick(NAMES), 4), () => schema(d - 1)),
  patternProperties: (d) => entries(some(() => pick(PATTERNS), 2), () => schema(d - 1)),
  additionalProperties: (d) => schema(d - 1),
  propertyNames: (d) => schema(d - 1),
  required: () => [...new Set(some(() => pick(NAMES), 2))],
  minProperties: () => below(4),
  maxProperties: () => below(4),
  dependentRequired: () => entries(some(() => pick(NAMES), 2), () => [...new Set(some(() => pick(NAMES), 2))]),
  dependentSchemas: (d) => entries(some(() => pick(NAMES), 2), () => schema(d - 1)),
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
const OF_2020 = new Set(['prefixItems', 'dependentRequired', 'dependentSchemas', 'minContains', 'maxContains']);
const OF_7 = { items: (d) => some(() => schema(d - 1), 3, 1), additionalItems: (d) => schema(d - 1),
  dependencies: (d) => entries(some(() => pick(NAMES), 2), () => (random() < 0.5 ? [pick(NAMES)] : schema(d - 1))) };

function distinct(list) {
  return [...new Map(list.map((v) => [JSON.stringify(v), v])).values()];
}

let names = Object.keys(KEYWORDS);
let makers = KEYWORDS;
function schema(depth) {
  if (depth < 0 || random() < 0.08) return random() < 0.8;
  return fill(some(() => pick(names), 4), depth);
}
function fill(keywords, depth) {
  const s = {};
  for (const k of keywords) s[k] = makers[k](depth);
  if (s.prefixItems || Array.isArray(s.items)) delete s.contains;
  if (!makers.prefixItems && s.$ref) return { $ref: s.$ref }; // draft-07 ignores what stands beside
  return s;
}
function whole(draft7) {
  makers = draft7 ? { ...KEYWORDS, ...OF_7 } : KEYWORDS;
  if (draft7) for (const k of OF_2020) delete makers[k];
  names = Object.keys(makers);
  const s = fill(some(() => pick(names), 5, 1), 3);
  // References are used by the definitions' users only, so that none leads back to itself.
  const without = names;
  names = names.filter((k) => k !== '$ref');
  s.$defs = { s: schema(2), t: schema(2) };
  names = without;
  return s;
}

const options = { strict: false, validateFormats: false, logger: false, allowMatchingProperties: true, ownProperties: true };
const ajv = { false: new Ajv2020(options), true: new Ajv7(options) };
// No case asks for unevaluated members, and what Ajv generates to know it fails on some schemas.
ajv.false.opts.unevaluated = false;
const asked = [];
while (asked.length < SCHEMAS) {
  const draft7 = random() < 0.2;
  const s = whole(draft7);
  const text = JSON.stringify(s);
  asked.push({ draft7, text, values: distinct(some(() => value(3), VALUES, VALUES)) });
}

const lines = asked.map((a) => `[${a.text},${a.values.map((v) => JSON.stringify(v)).join(',')}]\n`).join('');
const helper = path.join(process.env.B, 'helpers/schema');
const answers = execFileSync(helper, ['check'], { input: lines, maxBuffer: 1 << 28 }).toString().split('\n');

let compared = 0;
let fitting = 0;
let silent = 0;
const disputes = [];
asked.forEach(({ draft7, text, values }, i) => {
  const [refused, ...said] = JSON.parse(answers[i]);
  const validate = ajv[draft7].compile(JSON.parse(text));
  if (refused !== null) {
    disputes.push(`${text}: ${refused}`);
    return;
  }
  values.forEach((v, j) => {
    const fits = validate(JSON.parse(JSON.stringify(v)));
    compared++;
    fitting += fits;
    silent += said[j] === '';
    if (fits !== (said[j] === null))
      disputes.push(`${text} and ${JSON.stringify(v)}: iso4 ${said[j] ?? 'takes it'}; Ajv ${fits ? 'takes it' : ajv[draft7].errorsText(validate.errors)}`);
  });
  ajv[draft7].removeSchema();
});

const ok = (pass, n, name) => console.log(`${pass ? '' : 'not '}ok ${n} - ${name}`);
ok(disputes.length === 0, 1, `iso4 and Ajv agree on ${compared} values of ${SCHEMAS} schemas, of which ${fitting} fit`);
for (const d of disputes.slice(0, 5)) console.log(`# ${d}`);
ok(fitting > compared / 10 && fitting < (compared * 9) / 10, 2, 'of which some fit and some do not');
ok(silent === 0, 3, 'every refusal has a reason');
console.log('1..3');
process.exitCode = disputes.length || silent ? 1 : 0;
