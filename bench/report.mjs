// SPDX-License-Identifier: MIT
// report.mjs - results as Markdown tables. Reads nothing and measures nothing: report(results) gives the text.

// Three digits are what such figures are good for.
export function figure(x) {
    const short = Number(x.toPrecision(3));
    const digits = Math.abs(short) >= 100 ? 0 : Math.abs(short) >= 10 ? 1 : 2;

    return short.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const rounds = (part) => `${part.rounds} interleaved round${part.rounds === 1 ? '' : 's'}`;

export function bytes(n) {
    return n >= 1e6 ? `${figure(n / 1e6)} MB` : n >= 1e3 ? `${Math.round(n / 1e3)} KB` : `${n} B`;
}

// The text in place of a missing figure.
export const why = (row) => (row?.fails ? `— (${row.fails})` : '—');

const measured = (row) => row && !row.fails;
const verdict = (good) => (good ? 'ok' : '**short**');

function table(head, lines) {
    const align = head.map((name, i) =>
        i === 0 || name === 'a run is' || name.startsWith('how') || name.startsWith('what') ? '---' : '--:',
    );

    return [head, align, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n') + '\n';
}

const nameOf = (results, id) => results.rivals[id].name;
const worldOf = (results, id) => results.rivals[id].world;

// ---- parts

function machineLine({ machine }) {
    const busy =
        machine.busyPercent > 20
            ? '\n\n> The machine was busy with something else: these figures are not to be trusted.'
            : '';

    return (
        `${machine.iso4}, Node.js ${machine.node}, Linux ${machine.linux}, ${machine.processors}, ${machine.memoryGb} GB; ` +
        `${machine.busyPercent} % busy before the start; measured on ${machine.readAt}.${busy}\n`
    );
}

function rivals(results) {
    const lines = Object.values(results.rivals).map((rival) => [
        rival.name,
        rival.missing ? `not measured: ${rival.missing}` : rival.version,
        rival.isolation,
        rival.limits,
    ]);

    return '## What is compared\n\n' + table(['', 'what version', 'what a run gets', 'what can be limited'], lines);
}

function cold(results) {
    const {
        cold: { reference, prefixes, rows },
    } = results;
    const cell = (rival, prefix) => {
        const row = rows.find((one) => one.rival === rival && one.prefix === prefix);
        return measured(row) ? `${figure(row.median)} (${figure(row.median / reference.median)})` : why(row);
    };
    const lines = Object.keys(results.rivals).map((id) => [
        nameOf(results, id),
        ...prefixes.map(({ key }) => cell(id, key)),
        worldOf(results, id),
    ]);

    return (
        `## Cold start\n\nMilliseconds of a whole command, from nothing to the result of a small agent, by the size of the prefix; in ` +
        `parentheses the ratio to \`node -e 0\` (${figure(reference.median)} ms). Medians of ${rounds(results.cold)}.\n\n` +
        table(['', ...prefixes.map((prefix) => `${prefix.holds}, ${bytes(prefix.bytes)}`), 'a run is'], lines)
    );
}

export const HOW = {
    batch: '`iso4 batch`, twice as many at a time',
    inside: 'in a program that runs',
    process: 'a command for each',
};

function many(results) {
    const {
        many: { processors, reference, rows, alone },
    } = results;
    const of = (row, prefix) =>
        rows.find((one) => one.rival === row.rival && one.how === row.how && one.prefix === prefix);
    const cells = (row) =>
        measured(row) ? [figure(row.median), `${figure(row.median / reference.median)}`] : [why(row), ''];
    const target = (row) =>
        row.least
            ? `≥ ${row.least.toLocaleString('en-US')}: ${measured(row) ? verdict(row.median >= row.least) : why(row)}`
            : '';
    const lines = rows
        .filter(({ prefix }) => prefix === 'small')
        .map((row) => {
            const large = of(row, 'typescript');
            return [
                nameOf(results, row.rival),
                HOW[row.how],
                ...cells(row),
                target(row),
                ...cells(large),
                target(large),
                worldOf(results, row.rival),
            ];
        });

    return (
        `## Many small runs\n\nRuns a second on ${processors} processors, each in a fresh world, without and with the prefix of 9 MB; beside it how ` +
        `many times the rate of \`node -e 0\` (${figure(reference.median)} a second). Medians of ${rounds(results.many)}.\n\n` +
        table(['', 'how', 'a second', 'ratio', 'target', 'with 9 MB', 'ratio', 'target', 'a run is'], lines) +
        `\nOne job in flight (\`iso4 batch -j 1\`, ${alone.n} runs): p50 ${figure(alone.p50)} ms, p90 ${figure(alone.p90)} ms, p99 ${figure(alone.p99)} ms; ` +
        `target p99 < ${alone.most} ms: ${verdict(alone.p99 < alone.most)}.\n`
    );
}

function calls(results) {
    const {
        calls: { calls: count, reference, rows, together },
    } = results;
    const lines = rows.map((row) => [
        nameOf(results, row.rival),
        row.way,
        ...(measured(row) ? [figure(row.median), figure((reference.median * 1e3) / row.median)] : [why(row), '']),
        row.most && measured(row) ? `≤ ${row.most} µs: ${verdict(row.median <= row.most)}` : '',
        worldOf(results, row.rival),
    ]);

    return (
        `## Calls of the host\n\nMicroseconds from one call of a function of the host to the next, by an agent that awaits each, medians of ` +
        `${count.toLocaleString('en-US')} calls in ${rounds(results.calls)}; beside it how many fit into one \`node -e 0\` (${figure(reference.median)} ms).\n\n` +
        table(['', 'what answers', 'µs', 'in a `node -e 0`', 'target', 'a run is'], lines) +
        `\nThree calls of 50 ms under \`Promise.all\` take ${figure(together.median)} ms; target ≤ ${together.most} ms: ${verdict(together.median <= together.most)}.\n`
    );
}

function stop(results) {
    const {
        stop: { limitMs, limitMb, guardMb, guardS, reference, attacks, calm, rows },
    } = results;
    const of = (id, attack) => rows.find((row) => row.rival === id && row.attack === attack);
    const over = (row) =>
        !measured(row) ? why(row) : row.held ? figure(row.median - limitMs) : `**not stopped** in ${guardS} s`;
    const peak = (row) =>
        measured(row)
            ? [row.held ? figure(row.peakMb) : `**not stopped** at ${figure(row.peakMb)}`, figure(row.median)]
            : [why(row), ''];
    const ids = Object.keys(results.rivals).filter((id) => rows.some((row) => row.rival === id));
    const lines = ids.map((id) => [
        nameOf(results, id),
        over(of(id, 'loop')),
        over(of(id, 'search')),
        calm.some(({ rival }) => rival === id) ? figure(calm.find(({ rival }) => rival === id).peakMb) : '—',
        ...peak(of(id, 'objects')),
        ...peak(of(id, 'buffers')),
        worldOf(results, id),
    ]);
    const endings = ids.map(
        (id) =>
            `- ${nameOf(results, id)}: ${attacks.map(({ key }) => `${key} ${why(of(id, key)) === '—' ? `“${of(id, key).ended}”` : why(of(id, key))}`).join(', ')}`,
    );

    return (
        `## Runs that have to be stopped\n\nLoops with a limit of ${limitMs} ms of real time: milliseconds past it until the caller had its ` +
        `answer. Bombs with a limit of ${limitMb} MB and none of time: the most resident memory of one process, in MB, and milliseconds until the caller ` +
        `had its answer. The benchmark itself ended what reached ${guardMb} MB or ${guardS} s: **not stopped**. \`node -e 0\` takes ` +
        `${figure(reference.median)} ms. Medians of ${rounds(results.stop)}. Loops and bombs of node with a snapshot are those of node.\n\n` +
        table(
            [
                '',
                ...attacks.slice(0, 2).map(({ name }) => `${name}: ms past ${limitMs}`),
                'a harmless run: MB',
                ...attacks.slice(2).flatMap(({ name }) => [`${name}: MB`, 'ms']),
                'a run is',
            ],
            lines,
        ) +
        `\nThe programs:\n\n${attacks.map(({ name, code }) => `- ${name}: \`${code.replaceAll('\n', ' ')}\``).join('\n')}\n` +
        `\nHow they ended:\n\n${endings.join('\n')}\n`
    );
}

function own(results) {
    const {
        own: { reference, commands, fetch, memory, sizes },
    } = results;
    const target = (row) =>
        row.mostRatio
            ? [`≤ ${row.mostRatio}`, verdict(row.median / reference.median <= row.mostRatio)]
            : row.mostMs
              ? [`≤ ${row.mostMs} ms`, verdict(row.median <= row.mostMs)]
              : row.mostMore
                ? [`≤ ${row.mostMore} ms over the next`, verdict(row.median - median(row.over) <= row.mostMore)]
                : ['', ''];
    const median = (name) => commands.find((row) => row.name === name).median;
    const line = (name, row, base) => [
        name,
        figure(row.median),
        figure(row.p10),
        figure(row.p90),
        ...(base ? [figure(row.median / base)] : []),
    ];
    const over = fetch.curl && fetch.agent.median - fetch.curl.median;

    return (
        `## What iso4 is held to\n\n${rounds(results.own)}; ratios to \`node -e 0\`.\n\n` +
        table(
            ['command', 'median ms', 'p10', 'p90', 'ratio', 'target', ' '],
            [
                [...line('`node -e 0`', reference, reference.median), '', ''],
                ...commands.map((row) => [...line(row.name, row, reference.median), ...target(row)]),
            ],
        ) +
        '\n' +
        table(
            ['request to a server on loopback', 'median ms', 'p10', 'p90', 'over curl', 'target', ' '],
            [
                [
                    ...line('`fetch` in an agent', fetch.agent),
                    ...(fetch.curl
                        ? [figure(over), `≤ ${fetch.mostOverCurl} ms`, verdict(over <= fetch.mostOverCurl)]
                        : ['— (no curl here)', '', '']),
                ],
                ...(fetch.curl ? [[...line("curl's own time", fetch.curl), '', '', '']] : []),
            ],
        ) +
        '\n' +
        table(
            ['while the agent waits', 'peak resident MB', 'own MB', 'target', ' '],
            memory.map((row) => [
                row.name,
                figure(row.peakMb),
                figure(row.ownMb),
                `≤ ${row.most}`,
                verdict(row.peakMb <= row.most),
            ]),
        ) +
        '\n' +
        table(
            ['prefix', 'source', 'snapshot'],
            sizes.map((row) => [row.name, row.source ? bytes(row.source) : '', bytes(row.snapshot)]),
        )
    );
}

function counts(results) {
    const { rows } = results.counts;
    const calls = Object.keys(rows.find((row) => row.calls)?.calls ?? {});

    return (
        `## What a run asks of the kernel\n\nMedians of ${rounds(results.counts).toLowerCase()}; ` +
        'a forked run is the difference between two batches.\n\n' +
        table(
            ['run', 'page faults', 'context switches', ...calls],
            rows.map((row) => [row.name, row.faults, row.switches, ...calls.map((call) => row.calls?.[call] ?? '—')]),
        )
    );
}

export function report(results) {
    const parts = { cold, many, counts, calls, stop, own };

    return [
        '<!-- SPDX-License-Identifier: MIT -->\n<!-- Written by bench.mjs from results.json. -->\n# Measured\n',
        machineLine(results),
        rivals(results),
        ...Object.entries(parts)
            .filter(([name]) => results[name])
            .map(([, part]) => part(results)),
    ].join('\n');
}
