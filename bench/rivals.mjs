// SPDX-License-Identifier: MIT
// rivals.mjs - what iso4 is measured beside: what a run gets from each, where it is installed, and the command that makes
// one run with it.
//
// findRivals() installs what is missing. One that cannot be installed keeps its row, with the reason.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import { dirname, join, relative } from 'node:path';

import { packagesFolder } from '../tools/packages.mjs';
import {
    CODE,
    MODULE,
    build,
    here,
    iso4,
    library,
    mustRun,
    node,
    program,
    put,
    reason,
    versionIn,
    which,
} from './lib.mjs';

// `world` goes into every table; `isolation` and `limits` are the whole of it. `kind` is how a prefix gets in.
export const RIVALS = {
    iso4: {
        name: 'iso4',
        kind: 'snapshot',
        world: 'process in an OS sandbox',
        isolation: 'a process for each run: empty root, no network, namespaces, Landlock, seccomp, no capabilities',
        limits: 'CPU time, real time, memory with buffers, output, calls; kept twice, inside and by the parent',
    },
    node: {
        name: 'node',
        kind: 'source',
        world: 'process',
        isolation: 'a process for each run, with all that its user may do',
        limits: 'size of the heap; time by timeout(1)',
    },
    'node-snapshot': {
        name: 'node, snapshot',
        kind: 'snapshot',
        world: 'process',
        isolation: 'a process for each run, with all that its user may do',
        limits: 'size of the heap; time by timeout(1)',
    },
    deno: {
        name: 'deno',
        kind: 'source',
        world: 'process with permissions',
        isolation: 'a process for each run; Deno itself asks before files, network, programs; none was granted',
        limits: 'size of the heap; time by timeout(1)',
    },
    workerd: {
        name: 'workerd',
        kind: 'source',
        world: 'process without OS API',
        isolation: 'a process for each run with the API of Workers only; its README asks for a sandbox around it',
        limits: 'none in the open-source build but the size of the heap as a flag of V8; time by timeout(1)',
    },
    bubblewrap: {
        name: 'bubblewrap + node',
        kind: 'source',
        world: 'process in namespaces',
        isolation:
            'a process for each run: namespaces, no network, /usr and the program read-only; no seccomp, no Landlock',
        limits: 'size of the heap; time by timeout(1)',
    },
    'isolated-vm': {
        name: 'isolated-vm',
        kind: 'snapshot',
        world: "isolate in the host's process",
        isolation: "an isolate for each run, in the host's process: a fault of V8 is one of the host",
        limits: 'real time, memory with buffers',
    },
    worker_threads: {
        name: 'worker_threads',
        kind: 'source',
        world: "thread of the host's process",
        isolation: "none: a thread for each run, with all of Node.js and the host's authority",
        limits: 'size of the heap; time by terminate()',
    },
    'quickjs-emscripten': {
        name: 'quickjs-emscripten',
        kind: 'source',
        world: "interpreter in the host's process",
        isolation: "an interpreter in WebAssembly for each run, in the host's process",
        limits: 'real time; memory, of which this build counts only what each allocation takes besides its size',
    },
};

export const LIBRARIES = ['isolated-vm', 'worker_threads', 'quickjs-emscripten'];

// The text in the rows of a missing rival; the first table says why.
export const ABSENT = 'not installed';

// ---- installing

const modules = packagesFolder('bench');

function installPackages() {
    const done = join(modules, '.package-lock.json');

    if (existsSync(done) && statSync(done).mtimeMs >= statSync(join(here, 'package-lock.json')).mtimeMs)
        return undefined;
    process.stderr.write('bench: installing what iso4 is measured beside\n');
    const { status, error, stderr } = spawnSync(
        join(here, '../scripts/npm-ci'),
        [here, dirname(modules), '.package-lock.json'],
        {
            encoding: 'utf8',
        },
    );
    if (status === 0) return undefined;
    return `npm could not install it: ${reason(error ?? stderr.split('\n').find((line) => /^iso4:/.test(line)) ?? `status ${status}`)}`;
}

// Debian's package, unpacked into the build folder: it needs no set-user-ID bit, so the benchmark does not need root.
function unpackBubblewrap() {
    const folder = join(build, 'bench/bubblewrap');
    const file = join(folder, 'usr/bin/bwrap');

    if (existsSync(file)) return file;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const apt = (...words) => spawnSync('apt-get', ['-qq', ...words], { cwd: folder, encoding: 'utf8' });
    if (apt('download', 'bubblewrap').status !== 0 && process.getuid() === 0) {
        apt('update');
        apt('download', 'bubblewrap');
    }
    const deb = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (!deb) throw new Error('apt-get download bubblewrap: nothing came');
    mustRun(['dpkg-deb', '-x', join(folder, deb), folder], folder);
    return file;
}

const platform = `${process.platform}-${process.arch}`;

const paths = {
    iso4: () => iso4,
    node: () => node,
    'node-snapshot': () => node,
    deno: () => join(modules, '@deno', `${platform}-glibc`, 'deno'),
    workerd: () =>
        join(modules, '@cloudflare', `workerd-linux-${process.arch === 'x64' ? '64' : process.arch}`, 'bin/workerd'),
    bubblewrap: () => which('bwrap') ?? unpackBubblewrap(),
    'isolated-vm': () => join(modules, 'isolated-vm'),
    worker_threads: () => node,
    'quickjs-emscripten': () => join(modules, 'quickjs-emscripten'),
};

const PACKAGES = ['deno', 'workerd', 'isolated-vm', 'quickjs-emscripten'];

function version(id, path, dir) {
    if (id === 'isolated-vm' || id === 'quickjs-emscripten') return versionIn(path);
    return /\d+[.-][\w.-]+/.exec(mustRun([path, '--version'], dir))[0];
}

// { id: { path, version } or { missing: why } }, installed first if need be.
export function findRivals(dir) {
    const failed = installPackages();

    return Object.fromEntries(
        Object.keys(RIVALS).map((id) => {
            try {
                const path = paths[id]();
                if (!existsSync(path))
                    throw new Error((PACKAGES.includes(id) && failed) || `no package of it for ${platform}`);
                return [id, { path, version: version(id, path, dir) }];
            } catch (error) {
                if (id === 'iso4' || id === 'node') throw error;
                return [id, { missing: reason(error) }];
            }
        }),
    );
}

// ---- one run: a command
//
// A world is { key, prefix, agent, memoryMb }: prefix is the name of a library or undefined, agent a file with a module.
// `script` is the same agent as an expression, for those which take no module. Each of these prepares files in `dir` once
// and gives the command.

const heap = (memoryMb) => (memoryMb ? [`--max-old-space-size=${memoryMb}`] : []);

function entry(dir, { key, prefix, agent }) {
    return put(
        dir,
        `${key}.entry.mjs`,
        `${prefix ? `import ${JSON.stringify(library(prefix))};\n` : ''}` +
            `import * as agent from ${JSON.stringify(agent)};\nconsole.log(JSON.stringify(agent.default));\n`,
    );
}

function workerdConfig(path, dir, { key, prefix, agent, memoryMb }, main, extra = '') {
    const embed = (name, file) => `(name = "${name}", esModule = embed ${JSON.stringify(relative(dir, file))})`;
    const worker = put(dir, `${key}.worker.mjs`, main);
    const list = [
        embed('worker', worker),
        ...(prefix ? [embed('prefix', library(prefix))] : []),
        ...(agent ? [embed('agent', agent)] : []),
    ];
    const config = put(
        dir,
        `${key}.capnp`,
        `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (${memoryMb ? `v8Flags = ["--max-old-space-size=${memoryMb}"], ` : ''}services = [
    (name = "main", worker = (modules = [${list.join(', ')}], compatibilityDate = "2026-10-01"${extra && ', bindings = [(name = "HOST", service = "host")]'}))${extra}
]);\n`,
    );

    // Compiled, so that reading text does not count.
    return put(
        dir,
        `${key}.bin`,
        mustRun([path, 'compile', '--config-only', config, 'config'], dir, { encoding: 'buffer' }),
    );
}

export const commands = {
    iso4({ path }, dir, { key, prefix, agent, limits = [] }) {
        const snapshot = join(dir, `${key}.snap`);

        if (prefix) mustRun([path, 'precompile', library(prefix), '-o', snapshot, '-q'], dir);
        return [path, 'run', '--compact', ...limits, ...(prefix ? ['--snapshot', snapshot] : []), agent];
    },
    node: ({ path }, dir, world) => [path, ...heap(world.memoryMb), entry(dir, world)],
    'node-snapshot'({ path }, dir, { key, prefix, script }) {
        const blob = join(dir, `${key}.blob`);
        const source = prefix ? library(prefix) : put(dir, `${key}.empty.js`, '');

        mustRun([path, '--snapshot-blob', blob, '--build-snapshot', source], dir);
        return [path, '--snapshot-blob', blob, put(dir, `${key}.cjs`, `console.log(JSON.stringify(${script}));\n`)];
    },
    deno: ({ path }, dir, world) => [
        path,
        'run',
        '--no-prompt',
        '--no-config',
        '--no-lock',
        '--no-remote',
        ...heap(world.memoryMb).map((flag) => `--v8-flags=${flag}`),
        entry(dir, world),
    ],
    workerd({ path }, dir, world) {
        const main =
            `${world.prefix ? 'import "prefix";\n' : ''}export default { async test() { ` +
            'console.log(JSON.stringify((await import("agent")).default)); } };\n';

        return [path, 'test', '--binary', workerdConfig(path, dir, world, main)];
    },
    bubblewrap: ({ path }, dir, world) => inBubblewrap(path, dir, [node, ...heap(world.memoryMb), entry(dir, world)]),
    'isolated-vm'(_, dir, { key, prefix, script }) {
        const saved = join(dir, `${key}.isolate`);

        if (prefix) mustRun([node, program('library'), 'isolated-vm', 'save', library(prefix), saved], dir);
        return [node, program('library'), 'isolated-vm', 'run', script, ...(prefix ? [library(prefix), saved] : [])];
    },
    worker_threads: (_, dir, { prefix, script }) => [
        node,
        program('library'),
        'worker_threads',
        'run',
        script,
        ...(prefix ? [library(prefix)] : []),
    ],
    'quickjs-emscripten': (_, dir, { prefix, script }) => [
        node,
        program('library'),
        'quickjs-emscripten',
        'run',
        script,
        ...(prefix ? [library(prefix)] : []),
    ],
};

// Everything but /usr and what the run needs is left out of its root.
export function inBubblewrap(path, dir, argv) {
    return [
        path,
        '--unshare-all',
        '--die-with-parent',
        '--new-session',
        '--clearenv',
        '--ro-bind',
        '/usr',
        '/usr',
        ...['bin', 'lib', 'lib64'].flatMap((name) => ['--ro-bind-try', `/${name}`, `/${name}`]),
        '--proc',
        '/proc',
        '--dev',
        '/dev',
        '--tmpfs',
        '/tmp',
        ...[...new Set([dirname(node), dirname(library('small')), here, dir])].flatMap((folder) => [
            '--ro-bind',
            folder,
            folder,
        ]),
        ...argv,
    ];
}

// Two Workers, of which one calls a function of the other: the nearest thing to a function of the host.
export function workerdCalls({ path }, dir, count) {
    const host = put(
        dir,
        'calls.host.mjs',
        `import { WorkerEntrypoint } from 'cloudflare:workers';
export default class extends WorkerEntrypoint { f() { return { id: 1 }; } }\n`,
    );
    const main = `export default { async test(_, { HOST }) { for (let i = 0; i < ${count}; i++) await HOST.f(); } };\n`;

    return [
        path,
        'test',
        '--binary',
        workerdConfig(
            path,
            dir,
            { key: `calls${count}` },
            main,
            `,\n    (name = "host", worker = (modules = [(name = "worker", esModule = embed ${JSON.stringify(relative(dir, host))})], compatibilityDate = "2026-10-01"))`,
        ),
    ];
}

export const agentFile = (dir) => put(dir, 'agent.mjs', MODULE);
export const world = (dir, key, prefix) => ({ key, prefix, agent: agentFile(dir), script: CODE });

export const machine = (dir) => ({
    iso4: mustRun([iso4, '--version'], dir).trim().split('\n')[0],
    node: mustRun([node, '--version'], dir).trim(),
    linux: os.release(),
    processors: `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}`,
    memoryGb: Math.round(os.totalmem() / 1e9),
    readAt: new Date().toISOString().slice(0, 10),
});
