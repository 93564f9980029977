#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""stock.py - a service: JSON-RPC 2.0 on standard input and output, one message a line, until standard input ends."""
import json
import sys

STOCK = {'desk': 4, 'lamp': 9}


def count(item):
    return STOCK.get(item, 0)


def take(item, number):
    if number > count(item):
        raise ValueError(f'only {count(item)} of {item} are left')
    STOCK[item] -= number
    return STOCK[item]


METHODS = {'stock.count': count, 'stock.take': take}


def answer(request):
    reply = {'jsonrpc': '2.0', 'id': request['id']}
    try:
        return {**reply, 'result': METHODS[request['method']](*request['params'])}
    except ValueError as error:  # the agent gets an instance of the class that `name` says
        return {**reply, 'error': {'code': 1, 'message': str(error), 'data': {'name': 'RangeError'}}}
    except (KeyError, TypeError) as error:
        return {**reply, 'error': {'code': -32600, 'message': str(error)}}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
