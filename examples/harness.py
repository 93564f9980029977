#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""harness.py [-s SNAPSHOT] AGENT.js... - how a program runs agents with iso4 and acts on what comes back.

Runs one agent after the other until one succeeds. The agents stand for the attempts of a language model; what is
printed after "tell the model" is what such a harness would put into the next prompt.
"""
import argparse
import json
import subprocess
import sys

# A limit ended the run: the next attempt has to do less.
LIMITS = {'ERR_CPU_TIMEOUT', 'ERR_WALL_TIMEOUT', 'ERR_MEMORY_LIMIT', 'ERR_EXPORT_TOO_LARGE'}


class SandboxFailed(Exception):
    """Not the agent's fault: a bad command line, a damaged snapshot, a machine that refuses the sandbox."""


def run_agent(code, snapshot=None, **limits):
    """Runs source text and returns its RunResult as a dict; see iso4-result(5)."""
    command = ['iso4', 'run', '--compact', '--limits', json.dumps(limits)]
    if snapshot:
        command += ['--snapshot', snapshot]
    done = subprocess.run(command + ['-'], input=code.encode(), capture_output=True, check=False)
    if done.returncode not in (0, 1):
        said = (done.stderr or done.stdout).decode().strip()
        raise SandboxFailed(f'iso4 ended with status {done.returncode}: {said}')
    return json.loads(done.stdout)


def advice(error):
    """What to tell the model: the hint when there is one, and the place when there is one."""
    lines = [f"{error['name']}: {error['message']}"]
    if error['code'] in LIMITS:
        lines.append('The program used more than it may.')
    if 'frame' in error:
        lines.append(error['frame'])
    if 'hint' in error:
        lines.append(error['hint'])
    return '\n'.join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('-s', '--snapshot')
    parser.add_argument('agents', nargs='+')
    given = parser.parse_args()

    for path in given.agents:
        with open(path, encoding='utf-8') as file:
            result = run_agent(file.read(), given.snapshot, cpuTimeMs=1000, wallTimeMs=5000)
        if result['ok']:
            print(f'{path}: {json.dumps(result["exports"])}')
            return 0
        print(f'{path}: {result["error"]["code"]}; tell the model:\n{advice(result["error"])}\n')
    return 1


if __name__ == '__main__':
    try:
        sys.exit(main())
    except SandboxFailed as failure:
        sys.exit(f'harness.py: {failure}')
