// SPDX-License-Identifier: MIT
// plot.mjs - results as one SVG: plot(results) gives the text. Reads nothing and measures nothing.
//
// Our own, not a library's: the charts are lines, bars and dots for some eighty figures, what is hard about them (labels
// at their lines, one file for light and dark) a library would leave to us, and those that draw without a browser bring
// dozens of packages. It paints its own ground, since nothing tells it what page it will stand on.

import { bytes, figure, rounds } from './report.mjs';

const WIDTH = 840;
const MARGIN = 24;
const GUTTER = 214; // names of rows end here
const ROW = 20;

// Colours that the colour-blind can tell apart, after Okabe and Ito; only for three kinds, since every line and row has its name.
const STYLE = `
text { font: 12.5px system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; fill: #1f2328; }
.ground { fill: #ffffff; stroke: #d1d9e0; }
.title { font-size: 15px; font-weight: 600; }
.note, .tick { fill: #59636e; font-size: 11.5px; }
.grid { stroke: #e4e8ec; fill: none; }
.limit { stroke: #59636e; stroke-dasharray: 3 3; fill: none; }
.link { stroke: #b7bfc8; fill: none; }
.line { fill: none; stroke-width: 1.7; }
.iso4.line { stroke-width: 3.2; }
.iso4 { stroke: #0072b2; fill: #0072b2; } text.iso4 { fill: #0072b2; stroke: none; font-weight: 600; }
.snapshot { stroke: #c04f00; fill: #c04f00; } text.snapshot { fill: #b34a00; stroke: none; }
.source { stroke: #6e7781; fill: #6e7781; } text.source { fill: #59636e; stroke: none; }
.line.iso4, .line.snapshot, .line.source { fill: none; }
.hollow.iso4, .hollow.snapshot, .hollow.source { fill: #ffffff; stroke-width: 1.8; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.ground { fill: #0d1117; stroke: #3d444d; }
.note, .tick { fill: #9aa4b0; }
.grid { stroke: #262c34; }
.limit { stroke: #9aa4b0; }
.link { stroke: #59636e; }
.iso4 { stroke: #56b4e9; fill: #56b4e9; } text.iso4 { fill: #56b4e9; }
.snapshot { stroke: #f0a040; fill: #f0a040; } text.snapshot { fill: #f0a040; }
.source { stroke: #9aa4b0; fill: #9aa4b0; } text.source { fill: #b3bcc6; }
.line.iso4, .line.snapshot, .line.source { fill: none; }
.hollow.iso4, .hollow.snapshot, .hollow.source { fill: #0d1117; }
}
`;

// ---- SVG

const escape = (text) =>
    String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const n = (x) => Number(x.toFixed(1));
const attributes = (list) =>
    Object.entries(list)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => ` ${name}="${typeof value === 'number' ? n(value) : escape(value)}"`)
        .join('');
const tag = (name, list, inner) => `<${name}${attributes(list)}${inner === undefined ? '/>' : `>${inner}</${name}>`}\n`;

const text = (x, y, words, classes, anchor) =>
    tag('text', { x, y, class: classes, 'text-anchor': anchor }, escape(words));
const line = (x1, y1, x2, y2, classes) => tag('line', { x1, y1, x2, y2, class: classes });
const dot = (x, y, classes, r = 4) => tag('circle', { cx: x, cy: y, r, class: classes });
const arrow = (x, y, classes) => tag('path', { d: `M${n(x - 4)} ${n(y - 5)}l9 5l-9 5z`, class: classes });

const clip = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

// ---- scales

function linear(top, from, to) {
    const step = [1, 2, 2.5, 5, 10].map((m) => m * 10 ** Math.floor(Math.log10(top / 3))).find((s) => top / s <= 4.5);
    const end = Math.ceil(top / step) * step;

    return {
        at: (v) => from + ((to - from) * v) / end,
        ticks: Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step),
    };
}

function logarithmic(low, high, from, to, marks = [1, 2, 5]) {
    const ticks = [];

    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
        ticks.push(...marks.map((m) => m * 10 ** e));
    const inside = ticks.filter((v, i) => v <= high && (ticks[i + 1] ?? Infinity) > low);
    const [start, end] = [inside[0], high].map(Math.log10);

    return { at: (v) => from + ((to - from) * (Math.log10(v) - start)) / (end - start), ticks: inside };
}

const tickText = (v) => v.toLocaleString('en-US', { maximumFractionDigits: 2 });

function axisBelow(scale, top, bottom, unit = 1) {
    return scale.ticks
        .map(
            (v) =>
                line(scale.at(v), top, scale.at(v), bottom, 'grid') +
                text(scale.at(v), bottom + 16, tickText(v / unit), 'tick', 'middle'),
        )
        .join('');
}

// ---- what all panels have

const heading = (y, title, ...notes) =>
    text(MARGIN, y, title, 'title') + notes.map((note, i) => text(MARGIN, y + 18 + 16 * i, note, 'note')).join('');
const kindOf = (results, id) => (id === 'iso4' ? 'iso4' : results.rivals[id].kind);
const INSIDE = ['isolated-vm', 'worker_threads', 'quickjs-emscripten'];

// iso4 first, then what gives each run a process, then what shares one; the two are set apart.
function ordered(rows) {
    return [
        ...rows.filter(({ rival }) => !INSIDE.includes(rival)),
        ...rows.filter(({ rival }) => INSIDE.includes(rival)),
    ];
}

// Names at the left, one row below the other: [{ label, kind, inside, draw(y) }]. Gives the text and where the rows end.
function rowsAt(rows, y) {
    const out = [];
    let shared = false;

    for (const row of rows) {
        if (row.inside && !shared) {
            out.push(text(GUTTER, y + 11, "in the host's process:", 'note', 'end'));
            y += ROW;
            shared = true;
        }
        out.push(text(GUTTER, y + 10, row.label, row.kind, 'end'), row.draw(y + 6));
        y += ROW;
    }
    return { out: out.join(''), bottom: y };
}

// ---- cold start

// Labels at the ends of lines, moved apart where they would touch.
function spread(labels, gap) {
    const sorted = labels.toSorted((a, b) => a.y - b.y);

    for (const label of sorted) label.at = label.y;
    for (let round = 0; round < 200; round++) {
        for (let i = 1; i < sorted.length; i++) {
            const lack = gap - (sorted[i].at - sorted[i - 1].at);
            if (lack <= 0.01) continue;
            sorted[i - 1].at -= lack / 2;
            sorted[i].at += lack / 2;
        }
    }
    return sorted;
}

function cold(results, top) {
    const { reference, prefixes, rows } = results.cold;
    const good = rows.filter(({ fails }) => !fails);
    const [left, right, upper, lower] = [MARGIN + 40, WIDTH - 220, top + 62, top + 372];
    const y = logarithmic(
        Math.min(...good.map(({ median }) => median)),
        Math.max(...good.map(({ median }) => median)),
        lower,
        upper,
    );
    const x = (i) => left + 26 + ((right - left - 26) * i) / (prefixes.length - 1);
    const out = [
        heading(
            top,
            'Cold start: from nothing to the result, by size of the prefix',
            `Milliseconds of a whole command, logarithmic; medians of ${rounds(results.cold)}. Prefix: code that agents find evaluated.`,
        ),
    ];
    const ends = [];

    for (const v of y.ticks)
        out.push(line(left, y.at(v), right, y.at(v), 'grid'), text(left - 8, y.at(v) + 4, tickText(v), 'tick', 'end'));
    for (const [i, prefix] of prefixes.entries())
        out.push(
            text(x(i), lower + 20, bytes(prefix.bytes), undefined, 'middle'),
            text(x(i), lower + 36, prefix.holds, 'note', 'middle'),
        );
    out.push(line(left, y.at(reference.median), right, y.at(reference.median), 'limit'));
    ends.push({
        x: right - 6,
        y: y.at(reference.median),
        kind: 'note',
        words: `node -e 0: ${figure(reference.median)}`,
    });
    for (const id of Object.keys(results.rivals).toReversed()) {
        const own = prefixes
            .map(({ key }, i) => ({ i, row: good.find((row) => row.rival === id && row.prefix === key) }))
            .filter(({ row }) => row);
        if (!own.length) continue;
        const kind = kindOf(results, id);
        const points = own.map(({ i, row }) => [x(i), y.at(row.median)]);
        out.push(
            tag('path', { d: `M${points.map(([px, py]) => `${n(px)} ${n(py)}`).join('L')}`, class: `${kind} line` }),
            ...points.map(([px, py]) => dot(px, py, kind, id === 'iso4' ? 4.5 : 3)),
        );
        ends.push({
            x: points.at(-1)[0],
            y: points.at(-1)[1],
            kind,
            words: `${results.rivals[id].name} ${figure(own.at(-1).row.median)}`,
        });
    }
    for (const end of spread(ends, 16)) {
        out.push(line(end.x + 6, end.y, right + 24, end.at, 'link'), text(right + 28, end.at + 4, end.words, end.kind));
    }
    const legend = lower + 60;
    out.push(
        dot(MARGIN + 5, legend - 4, 'iso4'),
        text(MARGIN + 14, legend, 'iso4: a snapshot, in a sandbox', 'iso4'),
        dot(MARGIN + 265, legend - 4, 'snapshot'),
        text(MARGIN + 274, legend, 'from a snapshot of the heap', 'snapshot'),
        dot(MARGIN + 500, legend - 4, 'source'),
        text(MARGIN + 509, legend, 'evaluates the source each time', 'source'),
    );
    const missing = Object.keys(results.rivals)
        .map((id) => rows.find((row) => row.rival === id && row.fails))
        .filter(Boolean);
    missing.forEach((row, i) =>
        out.push(
            text(MARGIN, legend + 18 + 16 * i, clip(`${results.rivals[row.rival].name}: ${row.fails}`, 120), 'note'),
        ),
    );
    return { out: out.join(''), bottom: legend + 6 + 16 * missing.length };
}

// ---- many runs

function many(results, top) {
    const { rows, processors } = results.many;
    const columns = [
        ['small', 'a small agent', GUTTER + 12, 486],
        ['typescript', 'with the prefix of 9 MB', 546, WIDTH - MARGIN - 46],
    ];
    const upper = top + 62;
    const names = ordered(rows.filter(({ prefix }) => prefix === 'small')).map(({ rival, how }) => ({ rival, how }));
    const cell = ({ rival, how }, prefix) =>
        rows.find((row) => row.rival === rival && row.how === how && row.prefix === prefix);
    const scales = columns.map(([prefix, , from, to]) =>
        linear(
            Math.max(1, ...rows.filter((row) => row.prefix === prefix && !row.fails).map(({ median }) => median)),
            from,
            to,
        ),
    );
    const label = ({ rival, how }) =>
        rival === 'iso4' ? (how === 'batch' ? 'iso4 batch' : 'iso4 run, a command each') : results.rivals[rival].name;
    const bar = (name, y) =>
        columns
            .map(([prefix], i) => {
                const row = cell(name, prefix);
                const { at } = scales[i];
                if (!row || row.fails) return text(at(0) + 4, y + 4, clip(row?.fails ?? 'not measured', 34), 'note');
                return (
                    tag('rect', {
                        x: at(0),
                        y: y - 6,
                        width: Math.max(0.5, at(row.median) - at(0)),
                        height: 12,
                        class: kindOf(results, name.rival),
                    }) + text(at(row.median) + 5, y + 4, figure(row.median), name.how === 'batch' ? 'iso4' : undefined)
                );
            })
            .join('');
    const list = rowsAt(
        names.map((name) => ({
            label: label(name),
            kind: kindOf(results, name.rival),
            inside: INSIDE.includes(name.rival),
            draw: (y) => bar(name, y),
        })),
        upper,
    );
    const axes = columns
        .map(
            ([, title], i) =>
                text(scales[i].at(0), upper - 10, title, 'note') + axisBelow(scales[i], upper - 2, list.bottom),
        )
        .join('');

    return {
        out:
            heading(
                top,
                `Many small runs: how many a second, each in a fresh world, on ${processors} processors`,
                `Medians of ${rounds(results.many)}. Every run has a process of its own, but for those under “in the host's process”.`,
            ) +
            axes +
            list.out,
        bottom: list.bottom + 22,
    };
}

// ---- calls

function calls(results, top) {
    const { rows } = results.calls;
    const good = rows.filter(({ fails }) => !fails);
    const upper = top + 40;
    const x = logarithmic(
        Math.min(...good.map(({ median }) => median)),
        Math.max(...good.map(({ median }) => median)),
        440,
        WIDTH - MARGIN - 46,
    );
    const plain = (words) => words.replaceAll('`', '');
    const mark = (row, y) =>
        text(GUTTER + 10, y + 4, clip(plain(row.way), 36), 'note') +
        (row.fails
            ? text(x.at(x.ticks[0]) + 4, y + 4, clip(row.fails, 50), 'note')
            : line(x.at(x.ticks[0]), y, WIDTH - MARGIN - 46, y, 'grid') +
              dot(x.at(row.median), y, kindOf(results, row.rival)) +
              text(x.at(row.median) + 8, y + 4, figure(row.median)));
    const list = rowsAt(
        ordered(rows).map((row) => ({
            label: results.rivals[row.rival].name,
            kind: kindOf(results, row.rival),
            inside: INSIDE.includes(row.rival),
            draw: (y) => mark(row, y),
        })),
        upper,
    );

    return {
        out:
            heading(
                top,
                'Calls of the host: from one call to the next, each awaited unless it says otherwise',
                `Microseconds, logarithmic; medians of ${rounds(results.calls)}.`,
            ) +
            axisBelow(x, upper - 4, list.bottom) +
            list.out,
        bottom: list.bottom + 22,
    };
}

// ---- runs that have to be stopped

function stop(results, top) {
    const { rows, calm, limitMs, limitMb, guardMb, guardS } = results.stop;
    const upper = top + 78;
    const of = (id, attack) => rows.find((row) => row.rival === id && row.attack === attack);
    const good = rows.filter(({ fails }) => !fails);
    const times = good.filter(({ peakMb }) => peakMb === undefined).map(({ median }) => median);
    const time = logarithmic(100, Math.max(1000, ...times), GUTTER + 20, 470);
    const memory = logarithmic(20, guardMb, 546, WIDTH - MARGIN - 30);
    const ids = ordered(
        Object.keys(results.rivals)
            .filter((id) => rows.some((row) => row.rival === id))
            .map((rival) => ({ rival })),
    ).map(({ rival }) => rival);

    const timeMarks = (id, y) => {
        const [loop, search] = [of(id, 'loop'), of(id, 'search')];
        if (loop?.fails || search?.fails)
            return text(time.at(100) + 4, y + 4, clip(loop.fails ?? search.fails, 38), 'note');
        const kind = kindOf(results, id);
        const end = time.at(search.median);
        return (
            line(time.at(loop.median), y, end, y, 'link') +
            (search.held ? dot(end, y, kind) : arrow(end, y, kind)) +
            dot(time.at(loop.median), y, `hollow ${kind}`) +
            (search.median > 1.25 * limitMs
                ? text(end + 9, y + 4, search.held ? figure(search.median / 1e3) : `> ${guardS}`)
                : '')
        );
    };
    const memoryMarks = (id, y) => {
        const [objects, buffers, before] = [
            of(id, 'objects'),
            of(id, 'buffers'),
            calm.find(({ rival }) => rival === id),
        ];
        if (objects?.fails || buffers?.fails || !before)
            return text(memory.at(20) + 4, y + 4, clip(objects?.fails ?? buffers?.fails ?? 'not measured', 34), 'note');
        const kind = kindOf(results, id);
        const mark = (row, hollow) => {
            const at = memory.at(Math.min(row.peakMb, guardMb));
            return row.held ? dot(at, y, hollow ? `hollow ${kind}` : kind) : arrow(at, y, kind);
        };
        const most = Math.max(objects.peakMb, buffers.peakMb);
        return (
            line(memory.at(before.peakMb), y, memory.at(Math.min(most, guardMb)), y, 'link') +
            line(memory.at(before.peakMb), y - 5, memory.at(before.peakMb), y + 5, `${kind} line`) +
            mark(buffers, false) +
            mark(objects, true) +
            (objects.held && buffers.held ? text(memory.at(most) + 9, y + 4, figure(most)) : '')
        );
    };
    const list = rowsAt(
        ids.map((id) => ({
            label: results.rivals[id].name,
            kind: kindOf(results, id),
            inside: INSIDE.includes(id),
            draw: (y) => timeMarks(id, y) + memoryMarks(id, y),
        })),
        upper,
    );
    const key = (x, hollow, words) =>
        dot(x, upper - 24, hollow ? 'hollow source' : 'source') + text(x + 9, upper - 20, words, 'note');

    return {
        out:
            heading(
                top,
                'Runs that have to be stopped: how long it takes, and how much memory they get',
                `Loops with a limit of ${limitMs} ms, bombs with one of ${limitMb} MB; medians of ${rounds(results.stop)}. Dashed: the limit; arrows: not stopped.`,
            ) +
            key(GUTTER + 24, true, 'endless loop') +
            key(GUTTER + 120, false, 'builtin without interrupts') +
            line(546, upper - 29, 546, upper - 19, 'source line') +
            text(553, upper - 20, 'harmless', 'note') +
            key(622, true, 'objects') +
            key(688, false, 'buffers') +
            axisBelow(time, upper - 4, list.bottom, 1e3) +
            axisBelow(memory, upper - 4, list.bottom) +
            line(time.at(limitMs), upper - 4, time.at(limitMs), list.bottom, 'limit') +
            list.out +
            text(
                (time.at(100) + 470) / 2,
                list.bottom + 32,
                'seconds until the caller has its answer, logarithmic',
                'note',
                'middle',
            ) +
            text((546 + WIDTH - MARGIN - 30) / 2, list.bottom + 32, 'most resident MB, logarithmic', 'note', 'middle'),
        bottom: list.bottom + 38,
    };
}

// ---- all of it

export function plot(results) {
    const { machine } = results;
    const out = [];
    let y = MARGIN + 16;

    for (const [name, draw] of Object.entries({ cold, many, calls, stop })) {
        if (!results[name]) continue;
        const panel = draw(results, y);
        out.push(panel.out);
        y = panel.bottom + 40;
    }
    out.push(
        text(
            MARGIN,
            y - 8,
            `${machine.iso4}, Node.js ${machine.node}, ${machine.processors}, Linux ${machine.linux}, ${machine.readAt}` +
                `${machine.busyPercent > 20 ? `; the machine was ${machine.busyPercent} % busy with something else` : ''}`,
            'note',
        ),
    );
    const height = y + 10;

    return (
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${n(height)}" width="${WIDTH}" height="${n(height)}" role="img" aria-labelledby="title">\n` +
        `<title id="title">iso4 measured beside what else runs such code; the figures are in results.md</title>\n<style>${STYLE}</style>\n` +
        tag('rect', { x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 6, class: 'ground' }) +
        out.join('') +
        '</svg>\n'
    );
}
