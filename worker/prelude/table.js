// SPDX-License-Identifier: MIT
// table.js - console.table: rows and columns of an array, object, Map or Set,
// drawn as Node draws them. Getters are named, not called; a Proxy is shown as
// its target; large tables are cut.

import {
    ArrayIsArray,
    Map,
    MapIteratorPrototypeNext,
    MapPrototypeEntries,
    MapPrototypeGet,
    MapPrototypeSet,
    MathMax,
    MathMin,
    ObjectGetOwnPropertyDescriptor,
    ObjectKeys,
    ObjectSetPrototypeOf,
    SetIteratorPrototypeNext,
    SetPrototypeValues,
    StringPrototypeRepeat,
    TypedArrayPrototypeGetLength,
} from './primordials.js';
import { previewEntries, unwrapProxy } from './natives.js';
import { getStringWidth } from './inspect-bindings.js';
import { inspect } from 'node-inspect-extracted';
import { MAX_ENTRY } from './text.js';
import { isMap, isSet, kindOf } from './types.js';

const MAX_ROWS = 1000;
const MAX_COLUMNS = 100;

// Lists without a prototype, so that no setter of Array.prototype is called.
const newList = () => ObjectSetPrototypeOf([], null);

const isObject = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');

function cellText(value) {
    const target = unwrapProxy(value);
    const isWide =
        target !== null && typeof target === 'object' && !ArrayIsArray(target) && ObjectKeys(target).length > 2;
    return inspect(value, { __proto__: null, depth: isWide ? -1 : 0, maxArrayLength: 3, breakLength: Infinity });
}

// The text of an own property; '' if there is none.
function propertyText(object, key) {
    const found = ObjectGetOwnPropertyDescriptor(object, key);
    if (found === undefined) return '';
    ObjectSetPrototypeOf(found, null);
    if (found.get === undefined && found.set === undefined) return cellText(found.value);
    return found.get === undefined ? '[Setter]' : '[Getter]';
}

// A table under construction: named columns, each a list of cells by row.
class Table {
    heads = newList();
    columns = newList();
    rows = 0;
    omitted = 0;
    #byName = new Map();

    constructor(indexName) {
        this.#add(indexName);
    }

    #add(name) {
        const at = this.heads.length;
        this.heads[at] = name;
        this.columns[at] = newList();
        return at;
    }

    // The index of a column, which is added if needed; undefined: there are too many.
    column(name) {
        let at = MapPrototypeGet(this.#byName, name);
        if (at === undefined && this.heads.length < MAX_COLUMNS) {
            at = this.#add(name);
            MapPrototypeSet(this.#byName, name, at);
        }
        return at;
    }

    // The last column, with the rows that are not objects.
    addValues(list) {
        const at = MathMin(this.#add('Values'), MAX_COLUMNS - 1);
        this.heads.length = at + 1;
        this.heads[at] = 'Values';
        this.columns[at] = list;
    }

    // False: this row is one too many.
    startRow(index) {
        if (this.rows === MAX_ROWS) {
            this.omitted++;
            return false;
        }
        this.columns[0][this.rows++] = index;
        return true;
    }

    set(name, text) {
        const at = this.column(name);
        if (at !== undefined) this.columns[at][this.rows - 1] = text;
    }
}

// Rows of a Map, Set or iterator: `next` returns {done, value}.
function tableOfEntries(next, isKeyed) {
    const table = new Table('(iteration index)');
    if (isKeyed) table.column('Key');
    table.column('Values');
    for (let i = 0; ; i++) {
        const step = next();
        if (step.done) return table;
        if (!table.startRow(`${i}`)) continue;
        if (isKeyed) table.set('Key', cellText(step.value[0]));
        table.set('Values', cellText(isKeyed ? step.value[1] : step.value));
    }
}

// The same for an iterator, which must not be advanced.
function tableOfIterator(iterator) {
    const preview = previewEntries(iterator);
    const list = preview[0];
    const isKeyed = preview[1];
    let at = 0;
    return tableOfEntries(() => {
        if (at >= list.length) return { __proto__: null, done: true };
        const first = list[at++];
        return {
            __proto__: null,
            done: false,
            value: isKeyed ? { __proto__: null, 0: first, 1: list[at++] } : first,
        };
    }, isKeyed);
}

function fillRow(table, row, names) {
    for (let i = 0; i < names.length; i++) {
        table.set(`${names[i]}`, propertyText(row, names[i]));
    }
}

// The keys of the rows to show. A long list is not asked for all of its keys.
function rowKeys(data) {
    const length =
        kindOf(data) === 'TypedArray' ? TypedArrayPrototypeGetLength(data) : ArrayIsArray(data) ? data.length : 0;
    if (length <= MAX_ROWS) return { keys: ObjectKeys(data), omitted: 0 };
    const keys = newList();
    for (let i = 0; i < MAX_ROWS; i++) keys[i] = `${i}`;
    return { keys, omitted: length - MAX_ROWS };
}

function tableOfRows(data, names) {
    const table = new Table('(index)');
    const values = newList();
    let hasValues = false;
    const { keys, omitted } = rowKeys(data);
    for (let i = 0; i < keys.length; i++) {
        if (!table.startRow(keys[i])) continue;
        const found = ObjectGetOwnPropertyDescriptor(data, keys[i]);
        const row = found === undefined ? undefined : unwrapProxy(ObjectSetPrototypeOf(found, null).value);
        if (isObject(row)) {
            fillRow(table, row, names ?? ObjectKeys(row));
        } else {
            hasValues = true;
            values[i] = propertyText(data, keys[i]);
        }
    }
    if (hasValues) table.addValues(values);
    table.omitted += omitted;
    return table;
}

function tableOf(data, names) {
    if (isMap(data)) {
        const entries = MapPrototypeEntries(data);
        return tableOfEntries(() => MapIteratorPrototypeNext(entries), true);
    }
    if (isSet(data)) {
        const values = SetPrototypeValues(data);
        return tableOfEntries(() => SetIteratorPrototypeNext(values), false);
    }
    if (previewEntries(data) !== undefined) return tableOfIterator(data);
    return tableOfRows(data, names);
}

// ---- drawing

function line(widths, left, middle, right) {
    let out = left;
    for (let i = 0; i < widths.length; i++) {
        out += (i === 0 ? '' : middle) + StringPrototypeRepeat('─', widths[i] + 2);
    }
    return out + right;
}

function rowText(widths, cellAt) {
    let out = '│';
    for (let i = 0; i < widths.length; i++) {
        const cell = cellAt(i);
        out += ` ${cell}${StringPrototypeRepeat(' ', MathMax(0, widths[i] - getStringWidth(cell)))} │`;
    }
    return out;
}

function draw({ heads, columns, rows, omitted }) {
    const widths = newList();
    for (let i = 0; i < heads.length; i++) {
        let width = getStringWidth(heads[i]);
        for (let j = 0; j < rows; j++) width = MathMax(width, getStringWidth(columns[i][j] ?? ''));
        widths[i] = MathMin(width, MAX_ENTRY);
    }
    let out = `${line(widths, '┌', '┬', '┐')}\n${rowText(widths, (i) => heads[i])}\n${line(widths, '├', '┼', '┤')}\n`;
    for (let j = 0; j < rows && out.length <= MAX_ENTRY; j++) {
        out += `${rowText(widths, (i) => columns[i][j] ?? '')}\n`;
    }
    out += line(widths, '└', '┴', '┘');
    return omitted === 0 ? out : `${out}\n... ${omitted} more row${omitted === 1 ? '' : 's'}`;
}

// The list of column names the caller wants, or undefined for all.
function wantedNames(properties) {
    if (!ArrayIsArray(properties)) return undefined;
    const names = newList();
    for (let i = 0; i < properties.length && i < MAX_COLUMNS; i++) names[i] = `${properties[i]}`;
    return names;
}

// undefined: `data` has no rows and is to be logged instead.
export function tableText(data, properties) {
    const target = unwrapProxy(data);
    if (target === null || typeof target !== 'object') return undefined;
    return draw(tableOf(target, wantedNames(properties)));
}
