#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs agent.js with what fetch.json allows, but for the host: it is a server on loopback, started here."""
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

here = pathlib.Path(__file__).parent
seen = []


class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        seen.append(f'{self.command} {self.path}, authorization: {self.headers["authorization"]}')
        body = json.dumps(['desk', 'lamp'] if self.path.endswith('page=1') else ['sofa']).encode()
        self.send_response(200)
        self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Api)
threading.Thread(target=server.serve_forever, daemon=True).start()
port = server.server_address[1]

# Loopback and http have to be allowed in so many words.
definitions = json.loads((here / 'fetch.json').read_text())
rule = definitions['fetch']['fetch']['allow'][0]
rule.update(host='127.0.0.1', ports=[port], schemes=['https', 'http'], allowPrivate=True)
definitions['api']['value'] = f'http://127.0.0.1:{port}'

with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
    json.dump(definitions, file)
    file.flush()
    done = subprocess.run(['iso4', 'run', '--compact', '-g', file.name, here / 'agent.js'], stdout=subprocess.PIPE,
                          env={**os.environ, 'API_TOKEN': 'Bearer t0ken'}, check=False)
result = json.loads(done.stdout)
if not result['ok']:
    sys.exit(json.dumps(result['error']))
print('the agent has', ', '.join(result['exports']['total']))
for message in result['exports']['refused']:
    print('the agent was told', message)
for line in seen:
    print('the server saw', line)
