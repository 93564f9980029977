// SPDX-License-Identifier: MIT
// library.mjs RIVAL JOB - the program around a rival that is a library. Jobs, each with what it prints as JSON:
//
//   run CODE [PREFIX.js [SNAPSHOT]]       one run: its value
//   many COUNT CODE WANT [PREFIX.js]      COUNT fresh worlds one after the other: milliseconds
//   save PREFIX.js SNAPSHOT               a snapshot as a file: nothing
//   calls COUNT                           calls of a function of the host in turn: for each way, milliseconds from call to call
//   stop CODE HARMLESS OPTIONS            a run that has to be stopped, on stderr: milliseconds of it and of a harmless one before it
//
// OPTIONS is JSON: timeoutMs, memoryMb. Each rival's module opens a world: open(prefix, snapshot) gives run(code, options),
// which makes a new one, returns what the code comes to, and throws what it meets.

const [, , name, job, ...args] = process.argv;
const rival = await import(`./${name}.mjs`);
const print = (value) => console.log(JSON.stringify(value));

const jobs = {
    async run(code, prefix, snapshot) {
        print(await (await rival.open(prefix, snapshot))(code));
    },
    async many(count, code, want, prefix) {
        const run = await rival.open(prefix);

        if ((await run(code)) !== want) throw new Error(`${name} does not compute`);
        const start = performance.now();
        for (let i = 0; i < Number(count); i++) await run(code);
        print(performance.now() - start);
    },
    save(prefix, snapshot) {
        rival.save(prefix, snapshot);
    },
    async calls(count) {
        const turns = (times) => times.slice(1).map((t, i) => t - times[i]);

        print(
            Object.fromEntries(
                Object.entries(await rival.calls(Number(count))).map(([way, times]) => [way, turns(times)]),
            ),
        );
    },
    async stop(code, harmless, options) {
        const run = await rival.open();
        const timed = async (source) => {
            const start = performance.now();
            const outcome = await Promise.resolve()
                .then(() => run(source, JSON.parse(options)))
                .then(
                    () => 'completed',
                    (e) => e.message ?? String(e),
                );
            return { ms: performance.now() - start, outcome };
        };
        const before = await timed(harmless);

        // On stderr: standard output is not kept where memory is measured.
        console.error(JSON.stringify({ harmlessMs: before.ms, ...(await timed(code)) }));
    },
};

await jobs[job](...args);
