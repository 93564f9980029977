# SPDX-License-Identifier: MIT
"""iso4 runs untrusted JavaScript in locked-down processes: where the program is, and an asyncio client of `iso4 serve`."""
import os
import sys

from .client import Iso4 as _Client

__all__ = ['Iso4', 'main', 'path']


def path():
    """The path of the native program. ISO4_PATH in the environment names another one."""
    return os.environ.get('ISO4_PATH') or os.path.join(os.path.dirname(os.path.abspath(__file__)), 'runtime', 'bin', 'iso4')


class Iso4(_Client):
    """A client of this package's `iso4 serve`; tools are coroutine functions of this process, by name."""

    def __init__(self, tools, command=None):
        super().__init__(tools, command or path())


def main():
    """The console script: becomes the native program."""
    os.execv(path(), ['iso4', *sys.argv[1:]])
