#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_wheel.py TREE VERSION ARCH TIME OUT - packs an installed tree and the Python client as a wheel (PEP 427).

TIME is that of each file, in seconds since 1970: the same tree gives the same bytes. Pip takes the mode of a file from
the archive, so the programs can be started after an install."""
import base64
import hashlib
import os
import sys
import time
import zipfile

tree, version, arch, when, out = sys.argv[1:]
top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
platform = 'manylinux_2_34_' + {'x64': 'x86_64', 'arm64': 'aarch64'}[arch]
info = f'iso4-{version}.dist-info'
stamp = time.gmtime(max(int(when), 315532800))[:6]  # zip begins in 1980
record = []


def read(*parts):
    with open(os.path.join(*parts), 'rb') as file:
        return file.read()


def add(archive, name, data, mode=0o644):
    entry = zipfile.ZipInfo(name, stamp)
    entry.external_attr = (0o100000 | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data, compresslevel=9)
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
    record.append(f'{name},sha256={digest},{len(data)}\n')


def files(folder):
    for path, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            full = os.path.join(path, name)
            yield full, os.path.relpath(full, folder)


metadata = f"""Metadata-Version: 2.1
Name: iso4
Version: {version}
Summary: Runs untrusted JavaScript in locked-down processes, with hard limits and host tools
License: MIT
Requires-Python: >=3.8
Classifier: Operating System :: POSIX :: Linux
Description-Content-Type: text/markdown

"""
wheel = f'Wheel-Version: 1.0\nGenerator: iso4\nRoot-Is-Purelib: false\nTag: py3-none-{platform}\n'

with zipfile.ZipFile(out + '.new', 'w') as archive:
    for name in ('__init__.py', '__main__.py'):
        add(archive, f'iso4/{name}', read(top, 'carriers/python', name))
    add(archive, 'iso4/client.py', read(top, 'examples/serve/client.py'))
    for full, relative in files(tree):
        add(archive, f'iso4/runtime/{relative}', read(full), os.stat(full).st_mode & 0o755)
    add(archive, f'{info}/METADATA', metadata.encode() + read(top, 'carriers/DESCRIPTION.md'))
    add(archive, f'{info}/WHEEL', wheel.encode())
    add(archive, f'{info}/entry_points.txt', b'[console_scripts]\niso4 = iso4:main\n')
    add(archive, f'{info}/LICENSE', read(top, 'LICENSE'))
    record.append(f'{info}/RECORD,,\n')
    archive.writestr(zipfile.ZipInfo(f'{info}/RECORD', stamp), ''.join(record))
os.replace(out + '.new', out)
