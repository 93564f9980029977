// A client of iso4 serve: functions of this program are tools of the code that it runs. Node.js 24.2 runs it as it stands.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

type Tool = (...args: any[]) => unknown;
type Result = { ok: boolean; exports?: Record<string, unknown>; error?: { code: string; message: string } };
type Message = { id?: number; method?: string; params?: any; result?: any; error?: { message: string } };
type Waiting = { resolve: (result: any) => void; reject: (error: Error) => void };

export class Iso4 {
  #tools: Record<string, Tool>;
  #waiting = new Map<number, Waiting>();
  #ids = 0;
  #child;

  constructor(tools: Record<string, Tool>, options: string[] = [], command = 'iso4') {
    this.#tools = tools;
    this.#child = spawn(command, ['serve', ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.#child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', (line) => this.#take(JSON.parse(line)));
    lines.on('close', () => this.#waiting.forEach(({ reject }) => reject(new Error('iso4 serve has ended'))));
  }

  #send(message: Message) {
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  request<T>(method: string, params: object): Promise<T> {
    const id = ++this.#ids;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #take({ id, method, params, result, error }: Message) {
    if (method === 'tool/call') this.#answer(id!, params.name, params.args);
    if (method !== undefined || !this.#waiting.has(id!)) return;
    const { resolve, reject } = this.#waiting.get(id!)!;
    this.#waiting.delete(id!);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  async #answer(id: number, name: string, args: unknown[]) {
    try {
      this.#send({ id, result: { value: await this.#tools[name](...args) } });
    } catch (e) { // the agent gets it as an exception
      const { name: kind, message } = e as Error;
      this.#send({ id, error: { code: 1, message, data: { name: kind } } as any });
    }
  }

  close = () => this.#child.stdin.end();
}

if (import.meta.main) {
  const iso4 = new Iso4({
    weather(city: string) {
      if (city === 'Atlantis') throw new RangeError('no such city');
      return { city, celsius: city.length };
    },
  });
  await iso4.request('initialize', { protocolVersion: 1, capabilities: { tools: {} } });
  const { handle } = await iso4.request<{ handle: string }>('prepare', { globals: { weather: { caller: true } } });
  const code = (cities: string[]) => `export default (await Promise.all(${JSON.stringify(cities)}.map((city) => weather(city)))).map((w) => w.celsius)`;
  const runs = [['Oslo', 'Rome'], ['Atlantis']].map((cities) => iso4.request<Result>('run', { handle, code: code(cities) }));
  for (const result of await Promise.all(runs)) console.log(JSON.stringify(result.ok ? result.exports!.default : result.error!.message));
  iso4.close();
}
