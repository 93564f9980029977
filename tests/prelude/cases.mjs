// SPDX-License-Identifier: MIT
// cases.mjs - values and formats that console.log renders exactly as Node does,
// in every Node from 20 on. One expression (or argument list) a line.

export const values = String.raw`
undefined
null
true
0
-0
1.5
1e21
NaN
Infinity
123n
Symbol('a b')
Symbol.iterator
''
'text'
"it's"
['it\'s', "say \"hi\"", 'both \' and "', 'new\nline', '\u0000\x1f\x7f', '\ud800', 'tab\t']
'multi\nline'
[]
{}
[1,2,3]
[1,,3]
[,,,]
[undefined,null]
[[[[1]]]]
{a:{b:{c:{d:1}}}}
{a:1,b:'two',c:[3]}
{'key with space':1,valid_id:2,3:4,'5a':6,"it's":1}
{__proto__:null,a:1}
{['__proto__']:1}
Array.from({length:101},(_,i)=>i)
Array.from({length:200},(_,i)=>'item'+i)
Array.from({length:30},(_,i)=>i*1000)
Array.from({length:7},(_,i)=>'x'.repeat(i))
Array.from({length:12},(_,i)=>BigInt(i)**10n)
['a'.repeat(50),'b'.repeat(50)]
'x'.repeat(100)
['x'.repeat(10001)]
{long:'lorem ipsum dolor sit amet '.repeat(10)}
{text:'line one\nline two\nline three which is longer than the others\n'}
Object.assign([1,2],{extra:true,[-1]:'neg'})
new Map()
new Map([[1,'one'],['two',2],[{k:1},{v:2}]])
new Map([[{a:{b:{}}},new Map([[1,new Map()]])]])
new Set()
new Set([1,'a',{b:2},[3]])
new Set(Array.from({length:120},(_,i)=>i))
new Map(Array.from({length:120},(_,i)=>[i,i]))
Object.assign(new Map([[1,2]]),{x:1})
new Map([[1,2]]).keys()
new Map([[1,{a:1}]]).values()
new Map([[1,2],[3,4]]).entries()
new Set([1,2]).values()
new Set([1,2]).entries()
[1,2][Symbol.iterator]()
'ab'[Symbol.iterator]()
new WeakMap()
new WeakSet()
new WeakRef({})
Promise.resolve(42)
Promise.resolve({a:1})
new Promise(()=>{})
Object.assign(Promise.resolve(1),{x:1})
new Date(0)
new Date(NaN)
Object.assign(new Date(0),{x:1})
/a+b/gi
Object.assign(/x/,{a:1})
new (class MyRe extends RegExp{})('q','g')
new Uint8Array(3)
new Uint8Array(0)
new Float64Array([1.5,-0,NaN])
new BigInt64Array([1n,-2n])
new Uint8ClampedArray(200)
Object.assign(new Uint8Array(2),{x:1})
new (class Bytes extends Uint8Array{})(2)
function named(){}
(function(){})
(()=>{})
class A{}
class B extends Array{}
(class {})
(class extends Map{})
async()=>{}
async function af(){}
function*gen(){}
async function*agen(){}
Object.assign(function f(){},{x:1})
Object.assign(()=>{},{a:{b:1}})
Math.max
new (class Foo{constructor(){this.a=1}})()
new (class Foo{})()
new (class Foo{get [Symbol.toStringTag](){return 'bar'}})()
new (class Foo extends Map{get [Symbol.toStringTag](){return 'bar'}})([[1,2]])
Object.create({a:1})
Object.create({constructor:{name:'X'}})
Object.create(class P{}.prototype)
Object.setPrototypeOf({a:1},null)
Object.create(Object.create(null))
new (class extends Array{})(3)
new (class Sub extends Array{})(1,2,3)
new (class Sub extends Set{})([1])
new (class Sub extends Promise{})(()=>{})
new (class Sub extends Function{})
new Number(3)
new Number(-0)
new String('abc')
new Boolean(false)
Object(1n)
Object(Symbol('s'))
Object.assign(new String('ab'),{x:1})
Object.assign(new Number(1),{x:1})
{get a(){return 1}}
{set a(v){}}
{get a(){return 1},set a(v){}}
(()=>{const o={};Object.defineProperty(o,'hidden',{value:1,enumerable:false});return o})()
(()=>{const o={name:'x'};o.self=o;return o})()
(()=>{const a=[1];a.push(a);return a})()
(()=>{const a={},b={a};a.b=b;return [a,b]})()
(()=>{const m=new Map();m.set('m',m);return m})()
(()=>{const s=new Set();s.add(s);return {s}})()
Math
JSON
Reflect
(function(){return arguments})(1,2,'x')
[function(){},class Q{},Symbol('x')]
{f(){},g:()=>{},async h(){},*i(){}}
{a:1n,b:Symbol('x'),c:undefined,d:null,e:NaN,f:-0}
[{a:1,b:2},{a:3,b:4}]
[[1,2,[3,4,[5,[6]]]],{a:{b:{c:{}}}}]
[new Date(0),/x/,new Error('e').message]
{a:[{b:[{c:1}]}]}
Object.freeze({a:1})
{und:undefined,fn:function(){},arr:[[]],obj:{}}
[1.0,2.5,-3,1e100]
[true,false,null]
'%s'
['%s']
new Array(5)
new Array(3).fill('a')
Object.assign([],{a:1})
Object.assign(Object.create(null),{b:{c:{d:{}}}})
Array.from({length:27},(_,i)=>String.fromCharCode(97+i).repeat(i%5+1))
Array.from({length:10},(_,i)=>({id:i}))
{a:'a'.repeat(60),b:'b'.repeat(20)}
{aaaaaaaaaaaaaaaaaaaaaaaa:1,bbbbbbbbbbbbbbbbbbbbbbbbbbbbb:2,cccccccccccccccccccccc:3,d:4}
['日本語','한국어','emoji 😀','é','e\u0301','x','y','z']
new Map([['日本語',1]])
new (class Foo{#a=1;b=2;static c=3})
class Foo2{static x=1}
class Foo3{static x=1;static m(){}}
[,'a',,'b',,,]
(()=>{const a=[];a[5]=1;a.foo=2;return a})()
(()=>{const a=[];a[1e9]=1;return a})()
Object.setPrototypeOf(new Map([[1,2]]),null)
Object.setPrototypeOf(new Set([1]),null)
Object.setPrototypeOf([1,2],null)
Object.setPrototypeOf(new Uint8Array(2),null)
Object.setPrototypeOf(function foo(){},null)
Object.setPrototypeOf(new Date(0),null)
Object.setPrototypeOf(/x/,null)
Object.setPrototypeOf(Promise.resolve(1),null)
Object.setPrototypeOf(new Number(1),null)
Symbol.prototype
Map.prototype
Set.prototype
Date.prototype
RegExp.prototype
Array.prototype
String.prototype
Number.prototype
Error.prototype
Promise.prototype
Uint8Array.prototype
Object.getPrototypeOf(function*(){})
(function*(){})()
(async function*(){})()
new (class A2 extends (class B2{}){x=1})
{constructor:'faked'}
{constructor:class Faked{}}
{toString(){throw 1},valueOf(){throw 2}}
{length:3,0:'a'}
new Array(1e6)
{nested:new Map([[{a:{b:{c:{}}}},[[[[]]]]]])}
Object.assign(new Error('boom'),{stack:'Error: boom\n    at f (a.js:1:2)'})
Object.assign(new Error('boom'),{stack:'Error: boom\n    at f (a.js:1:2)',code:'E_X',extra:{a:[1]}})
Object.assign(new TypeError('outer',{cause:Object.assign(new Error('inner'),{stack:'Error: inner\n    at g (b.js:3:4)'})}),{stack:'TypeError: outer\n    at f (a.js:1:2)'})
Object.assign(new Error('with cause',{cause:'text'}),{stack:'Error: with cause\n    at f (a.js:1:2)'})
Object.assign(new AggregateError([1,'two'],'many'),{stack:'AggregateError: many\n    at f (a.js:1:2)'})
[Object.assign(new Error('in a list'),{stack:'Error: in a list\n    at f (a.js:1:2)\n    at g (a.js:2:3)'})]
{e:Object.assign(new Error('nested'),{stack:'Error: nested\n    at f (a.js:1:2)'})}
Object.assign(new Error('no frames'),{stack:'Error: no frames'})
Object.assign(new Error(''),{stack:'Error\n    at f (a.js:1:2)'})
Object.assign(new (class MyError extends Error{})('sub'),{stack:'Error: sub\n    at f (a.js:1:2)'})
Object.assign(new Error('renamed'),{name:'Custom',stack:'Error: renamed\n    at f (a.js:1:2)'})
Object.assign(new Error('m'),{stack:undefined,message:'gone'})
{[Symbol.for('nodejs.util.inspect.custom')]:()=>'custom text'}
{a:{[Symbol.for('nodejs.util.inspect.custom')](){return {b:1}}}}
[{[Symbol.for('nodejs.util.inspect.custom')](depth,options){return 'depth '+depth+' '+typeof options.stylize}}]
{[Symbol.for('nodejs.util.inspect.custom')](depth,options,inspect){return inspect({x:[1]},options)}}
{[Symbol.for('nodejs.util.inspect.custom')]:()=>'two\nlines'}
`
    .trim()
    .split('\n');

// Lists of arguments.
export const formats = String.raw`
'%s','a'
'%s',{a:1}
'%s',[1,[2,[3]]]
'%s',null
'%s',undefined
'%s',-0
'%s',12n
'%s',Symbol('q')
'%s',()=>{}
'%s',class Z{}
'%s',new Date(0)
'%s',{toString(){return 'custom'}}
'%s',new (class Q{toString(){return 'q!'}})
'%s',new (class Q2{})
'%s',Object.create(null)
'%d','42'
'%d',-0
'%d',1n
'%d',{}
'%d',Symbol('x')
'%d',''
'%i',42.9
'%i','12px'
'%i',1n
'%i',{}
'%i',Symbol()
'%f','3.14abc'
'%f',Symbol()
'%f',-0
'%j',{a:[1]}
'%j',undefined
'%j',()=>{}
'%j',(()=>{const o={};o.o=o;return o})()
'%j','s'
'%o',{a:{b:[1]}}
'%o',function foo(){}
'%o',[1,[2,[3,[4,[5,[6]]]]]]
'%O',{a:{b:{c:{d:{}}}}}
'%O','str'
'%c styled','color:red'
'%%'
'%%','x'
'100%','x'
'%s %s','only'
'%x','a'
'%s%s%s',1,2,3,4,{a:1}
'%'
'%','a'
'a%','b'
'%s','%s','x'
1,'%s','x'
{a:1},'%s'
'a','b',{c:1},[2],3n
'','x'
'%s is %d years and %i, %f, %j, %o, %O%c %%','Bob',42.5,42.5,'1.5',{a:1},[1],{b:1},'css','rest',{x:1}
`
    .trim()
    .split('\n');
