// SPDX-License-Identifier: MIT
// t-pattern.mjs - patterns of JSON Schema mean what they mean in ECMAScript: each is tried on texts beside V8's RegExp with
// the flag u, those written down here and random ones. iso4-globals(5) says where the two differ on purpose.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pick, some } from './random.mjs';

const RANDOM = 4000;

const TEXTS = ['', 'a', 'b', 'A', 'ab', 'aab', 'abab', 'a-b', '-', '_', '0', '7', '10', '٣', 'é', 'É', 'ß', 'ｱ', 'я', 'Σ', 'σ', '😀', '😀😀',
  'a😀', '\u00a0', '\ufeff', '\u2028', '\u2029', '\u1680', '\u180e', '\u200b', '\u3000', '\u0085', '\n', '\r', '\r\n', '\t', '\v', '\f', ' ',
  '\0', '\b', '\x7f', 'a\nb', 'a\u2028b', 'a b', 'a\u00a0b', '$', '^', '.', '\\', '/', '[', ']', '{', '}', '{}', '{1}', 'a{1}', '(', ')', '|',
  '#', '~', '@', 'x@y.z', 'aaa', 'aaaa', 'abcabc', 'k', '\u212a', 's', '\u017f', '\ufffd', '\u{10ffff}', 'I', 'ı', '2020-01-01', 'ǅ', '②', '٪'];

const PATTERNS = [
  '^.$', '^.{2}$', '^..$', '^[^]$', '[]', '^[^a]$', '^\\s$', '^\\S$', '^\\s+$', '^[\\s]$', '^[^\\s]$', '^[\\S]$', '^[^\\S]$', '[\\s\\S]',
  '^[\\s\\d]$', '^[\\S\\n]$', '^\\d$', '^\\D$', '^[\\d]$', '^[^\\d]$', '^[\\D]$', '^\\w$', '^\\W$', '^[\\w]$', '^[^\\w-]$', '^[\\W]$',
  '\\ba', 'a\\b', '^\\b$', '\\Ba', '^[\\b]$', '^\\v$', '^\\t$', '^\\n$', '^\\r$', '^\\f$', '^\\0$', '^[\\0]$', '^\\cJ$', '^\\ci$', '^[\\cM]$',
  '^\\x41$', '^\\x{1}$'.replace('\\x{1}', '\\u{1}'), '^\\u0041$', '^\\u{1F600}$', '^\\ud83d\\ude00$', '^[\\ud83d\\ude00]$', '^[\\u{1F600}-\\u{1F64F}]$',
  '^😀$', '^[😀]$', '^[^😀]$', '^😀+$', '^é$', '^[à-ÿ]$', '^[а-я]$', '^\\/$', '^\\$$', '^\\^$', '^\\.$', '^\\\\$', '^\\{\\}$', '^\\[$', '^\\]$', '^\\|$',
  '^[$^.*+?(){}|/]$', '^[\\]]$', '^[\\[]$', '^[\\\\]$', '^[[]$', '^[[:alpha:]]$'.replace('[[:alpha:]]', '[:alph]'), '^[a-c-]$', '^[-a]$', '^[\\-a]$', '^[a\\-c]$',
  '^[#-~]$', '^#$', '^ $', '^\\p{L}$', '^\\P{L}$', '^\\p{Lu}$', '^\\p{Letter}$', '^\\p{Uppercase_Letter}$', '^\\p{gc=Lu}$',
  '^\\p{General_Category=Decimal_Number}$', '^\\p{Nd}$', '^\\p{LC}$', '^\\p{Cased_Letter}$', '^\\p{Script=Greek}$', '^\\p{sc=Cyrl}$', '^\\p{Script_Extensions=Latin}$', '^\\p{scx=Grek}$',
  '^\\p{Alphabetic}$', '^\\p{White_Space}$', '^\\p{ASCII}$', '^\\p{Any}$', '^\\p{Assigned}$', '^\\P{Assigned}$', '^\\p{Emoji}$', '^\\p{Emoji_Presentation}$', '^\\p{Lowercase}$',
  '^\\p{ID_Start}$', '^\\p{ASCII_Hex_Digit}$', '^[\\p{Lu}\\p{Nd}]$', '^[^\\p{L}]$', '^[\\P{L}]$', '^\\p{Control}$', '^\\p{Space_Separator}$', '^\\p{Symbol}$', '^\\p{punct}$',
  '^(a)\\1$', '^(a|b)\\1$', '^(?:a|b)+$', '^(?<n>a)\\k<n>$', '\\k<n>(?<n>b)', '^(?<été>a)\\k<été>$', '^(?<$x>a)\\k<$x>$', '(a)?\\1b', '^\\1(a)$', '^(?:(a)|b)\\1$', '()\\1',
  '(?=a)', '^(?=.*b)', '^(?!a)', '(?<=a)b', '(?<!a)b', '(?<=é)$', 'a{2}', '^a{2,}$', '^a{1,2}$', '^a{0}$', '^(?:ab){2}$', 'a+?b', 'a*?$', 'a??b', '^(a+)+$', '^(?:a*)*$',
  'a|b', '^a|b$', '|a', '^(|a)$', '()', '^$', '$^', 'a$', '^a', 'b^a', 'a$b', '^(?:^a)$', '(?:)', '',
  '^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$', '^\\d{4}-\\d{2}-\\d{2}$', '^(?!.*--)[a-z-]*$', '^[^\\n]*$', '^[\\x20-\\x7e]*$', '^[\\u4e00-\\u9fff]$', '^\\S+(?: \\S+)*$',
];

// Patterns that RegExp refuses with the flag u; iso4 refuses them, too.
const REFUSED = ['(', ')', 'a)', '[', '[a', '*', '+', '?', 'a**', 'a+*', 'a*+', 'a++', '^*', '(*)', '(?', '(?:', '(?a)', '(?<a', '(?<>a)', '\\', 'a\\', '[\\', '\\k<n>', '(?<n>a)\\k<m>',
  '(?<n>a)(?<n>b)', '\\1', '(a)\\2', '\\u', '\\u12', '\\u{', '\\u{110000}', '\\u{}', '\\x', '\\x4', '\\c', '\\c1', '\\a', '\\e', '\\h', '\\q', '\\z', '\\Z', '\\A', '\\G', '\\R', '\\X', '\\Q', '\\N',
  '\\00', '\\07', '[\\B]', '[\\1]', '[\\k]', '[b-a]', '\\p', '\\p{', '\\p{}', '\\p{Foo}', '\\p{Script=}', '\\p{Script=Foo}', '\\p{Foo=Greek}', '\\p{gc=Foo}', '\\pL', '(*ACCEPT)', '(?#a)', '(?|a)', '(?>a)', '(?R)', 'a{2}{3}', '{1}'];

// Patterns that RegExp refuses only with the flag u; iso4 accepts them with their meaning without the flag.
const PLAIN = [['^\\@$', '@'], ['^a\\-b$', 'a-b'], ['^\\_$', '_'], ['^[\\w-.]$', '-'], ['^[\\w-.]$', '.'], ['^{$', '{'], ['^}$', '}'], ['^]$', ']'], ['^{}$', '{}'], ['^\\#$', '#'], ['^\\ $', ' '], ['^[+--]$', '-']];

const ATOMS = ['a', 'b', '.', '\\s', '\\S', '\\d', '\\w', '\\W', '[ab]', '[^a]', '[\\s-]', '[^\\S\\n]', '\\b', '^', '$', '(a|b)', '(?:ab)', '(?=b)', '(?!b)', '(?<=a)', '\\u2028', '😀', '[😀é]', '\\p{L}', '\\P{Lu}', '(?:(a)?)', '\\x41', '[\\w.]'];
const REPEATABLE = /^(?!\\b$|\^$|\$$|\(\?[=!<])/;
const random = () => some(() => {
  const atom = pick(ATOMS);
  return REPEATABLE.test(atom) ? atom + pick(['', '', '', '*', '+', '?', '{2}', '{1,2}', '*?', '+?']) : atom;
}, 5, 1).join(pick(['', '', '', '|']));

const asked = [...PATTERNS, ...some(random, RANDOM, RANDOM)];
const lines = [...asked, ...REFUSED].map((pattern) => `${JSON.stringify([{ pattern }, ...TEXTS])}\n`).join('') +
  PLAIN.map(([pattern, text]) => `${JSON.stringify([{ pattern }, text])}\n`).join('');
const answers = execFileSync(path.join(process.env.B, 'helpers/schema'), ['check'], { input: lines, maxBuffer: 1 << 28 })
  .toString().trimEnd().split('\n').map((line) => JSON.parse(line));

const disputes = [];
let matched = 0;
// V8 14.6 says that /[^a]$/u does not match an emoji, and that /[^a]$/v does: where it disagrees with itself it is no judge.
let doubtful = 0;
function isDoubtful(pattern, text, fits) {
  try {
    return new RegExp(pattern, 'v').test(text) !== fits;
  } catch {
    return false; // no pattern with the flag v
  }
}

asked.forEach((pattern, i) => {
  const [refused, ...said] = answers[i];
  const own = new RegExp(pattern, 'u');
  if (refused !== null) disputes.push(`${pattern} is refused: ${refused}`);
  else TEXTS.forEach((text, j) => {
    matched += own.test(text);
    if (own.test(text) === (said[j] === null)) return;
    if (isDoubtful(pattern, text, own.test(text))) doubtful++;
    else disputes.push(`${pattern} on ${JSON.stringify(text)}: iso4 ${said[j] ?? 'matches'}; V8 says ${own.test(text)}`);
  });
});
const taken = REFUSED.filter((pattern, i) => {
  try {
    new RegExp(pattern, 'u');
    throw new Error(`V8 takes ${pattern}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return answers[asked.length + i][0] === null;
});
const unlike = PLAIN.filter(([pattern, text], i) => {
  const [refused, said] = answers[asked.length + REFUSED.length + i];
  return refused !== null || (said === null) !== new RegExp(pattern).test(text);
});

let n = 0;
const ok = (pass, name) => console.log(`${pass ? '' : 'not '}ok ${++n} - ${name}`);
ok(disputes.length === 0, `${asked.length} patterns on ${TEXTS.length} texts: as V8 has it`);
for (const d of disputes.slice(0, 10)) console.log(`# ${d}`);
ok(matched > 20000 && doubtful < 50, `${matched} of them match, ${doubtful} are left out because V8 contradicts itself`);
ok(taken.length === 0, `${REFUSED.length} patterns are refused that V8 refuses`);
for (const pattern of taken) console.log(`# ${pattern}`);
ok(unlike.length === 0, `${PLAIN.length} are taken as V8 takes them without the flag u`);
for (const [pattern] of unlike) console.log(`# ${pattern}`);
console.log(`1..${n}`);
process.exitCode = disputes.length || matched <= 20000 || doubtful >= 50 || taken.length || unlike.length ? 1 : 0;
