"""A client of iso4 serve with asyncio: functions of this program are tools of the code that it runs."""
import asyncio
import itertools
import json


class Iso4:
    def __init__(self, tools, command='iso4'):
        self.tools, self.command, self.ids, self.waiting = tools, command, itertools.count(1), {}

    async def start(self, *options):
        self.process = await asyncio.create_subprocess_exec(
            self.command, 'serve', *options, limit=2**23 + 1,  # of a line
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        self.reader = asyncio.create_task(self.read())
        return await self.request('initialize', protocolVersion=1, capabilities={'tools': {}})

    def send(self, **message):
        self.process.stdin.write(json.dumps({'jsonrpc': '2.0', **message}).encode() + b'\n')

    async def request(self, method, **params):
        id = next(self.ids)
        self.waiting[id] = asyncio.get_running_loop().create_future()
        self.send(id=id, method=method, params=params)
        return await self.waiting[id]

    async def read(self):
        calls = set()
        async for line in self.process.stdout:
            message = json.loads(line)
            if message.get('method') == 'tool/call':
                calls.add(call := asyncio.create_task(self.answer(message)))
                call.add_done_callback(calls.discard)
            elif 'method' not in message and (future := self.waiting.pop(message['id'], None)):
                if 'error' in message:
                    future.set_exception(RuntimeError(message['error']['message']))
                else:
                    future.set_result(message['result'])
        for future in self.waiting.values():
            future.set_exception(RuntimeError('iso4 serve has ended'))

    async def answer(self, message):
        try:
            value = await self.tools[message['params']['name']](*message['params']['args'])
            self.send(id=message['id'], result={'value': value})
        except Exception as error:  # the agent gets it as an exception
            self.send(id=message['id'], error={'code': 1, 'message': str(error), 'data': {'name': type(error).__name__}})

    async def close(self):
        self.process.stdin.close()
        await self.reader
        return await self.process.wait()


async def weather(city):
    if city == 'Atlantis':
        raise LookupError('no such city')
    return {'city': city, 'celsius': len(city)}


async def main():
    iso4 = Iso4({'weather': weather})
    await iso4.start()
    handle = (await iso4.request('prepare', globals={'weather': {'caller': True}}))['handle']
    code = 'export default (await Promise.all({}.map((city) => weather(city)))).map((w) => w.celsius)'
    runs = [iso4.request('run', handle=handle, code=code.format(cities)) for cities in (['Oslo', 'Rome'], ['Atlantis'])]
    for result in await asyncio.gather(*runs):
        print(result['exports']['default'] if result['ok'] else result['error']['message'])
    return await iso4.close()

if __name__ == '__main__':
    raise SystemExit(asyncio.run(main()))
