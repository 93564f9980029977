// SPDX-License-Identifier: MIT
// t-ajv.mjs - host/schema/schema.h and Ajv are asked about the same random schemas and values, and have to agree. The schemas
// are those of 2020-12, or of draft-07 where they spell tuples its way. What iso4 does on purpose otherwise (multiples
// in decimal, tagged values) does not come up, and neither does what Ajv gets wrong: names that are empty
// or found in Object.prototype, `contains` that takes anything or stands beside a tuple.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { distinct, random, some, value, whole } from './random.mjs';
import { packages } from '../../tools/packages.mjs';

const require = packages('libraries');
const Ajv2020 = require('ajv/dist/2020').default;
const Ajv7 = require('ajv').default;

const SCHEMAS = 1500;
const VALUES = 25;

const options = {
    strict: false,
    validateFormats: false,
    logger: false,
    allowMatchingProperties: true,
    ownProperties: true,
};
const ajv = { false: new Ajv2020(options), true: new Ajv7(options) };
// No case asks for unevaluated members, and what Ajv generates to know it fails on some schemas.
ajv.false.opts.unevaluated = false;
const asked = [];
while (asked.length < SCHEMAS) {
    const draft7 = random() < 0.2;
    const s = whole(draft7 ? 'draft7' : 'plain');
    const text = JSON.stringify(s);
    asked.push({ draft7, text, values: distinct(some(() => value(3), VALUES, VALUES)) });
}

const lines = asked.map((a) => `[${a.text},${a.values.map((v) => JSON.stringify(v)).join(',')}]\n`).join('');
const helper = path.join(process.env.B, 'helpers/schema');
const answers = execFileSync(helper, ['check'], { input: lines, maxBuffer: 1 << 28 })
    .toString()
    .split('\n');

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
            disputes.push(
                `${text} and ${JSON.stringify(v)}: iso4 ${said[j] ?? 'takes it'}; Ajv ${fits ? 'takes it' : ajv[draft7].errorsText(validate.errors)}`,
            );
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
