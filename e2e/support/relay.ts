// The real relay, started on a free port with a record of its own.
import { ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const env = (name: string): string => process.env[name] ?? '';

/** Ends of a command: its code and everything that it printed. */
export interface Ended {
  code: number;
  text: string;
}

/** One entry of the record, as `vigie-relay export` writes it. */
export interface Entry {
  post: string;
  seq: number;
  at_ms: number;
  record: any;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export class Relay {
  private child?: ChildProcess;
  private log = '';

  private constructor(readonly port: number, readonly data: string) {}

  /** A relay with an empty record and one camera, `plaza`. */
  static async start(): Promise<Relay> {
    const data = mkdtempSync(join(process.env.TMPDIR ?? '/tmp', 'vigie-e2e-'));
    const relay = new Relay(await freePort(), data);
    await relay.run();
    return relay;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the program (again) on the same port and record; returns when it answers. */
  async run(): Promise<void> {
    const args = ['serve', '--listen', `127.0.0.1:${this.port}`, '--app', env('VIGIE_APP'), '--data', this.data];
    args.push('--camera', `plaza=${env('VIGIE_CLIP')}`);
    this.child = spawn(env('VIGIE_RELAY'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer) => (this.log += chunk.toString());
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    for (let tries = 0; tries < 200; tries += 1) {
      if (this.child.exitCode !== null) break;
      try {
        if ((await fetch(`${this.origin}/api/v1/info`)).ok) return;
      } catch {
        // Not listening yet.
      }
      await sleep(100);
    }
    throw new Error(`the relay does not answer:\n${this.log}`);
  }

  private async signal(name: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(name);
    await gone;
  }

  /** Ends it in good order. */
  stop = () => this.signal('SIGTERM');

  /** Ends it as a power cut would. */
  kill = () => this.signal('SIGKILL');

  /** Stops it in its tracks: sockets stay open, nothing is sent. */
  freeze = () => this.child?.kill('SIGSTOP');

  /** Lets it go on. */
  thaw = () => this.child?.kill('SIGCONT');

  /** Runs another of the program's commands. */
  command(...args: string[]): Promise<Ended> {
    return new Promise((resolve) => {
      execFile(env('VIGIE_RELAY'), args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        const code = error ? Number((error as { code?: unknown }).code ?? -1) : 0;
        resolve({ code, text: `${stdout}${stderr}` });
      });
    });
  }

  verify = () => this.command('verify', '--data', this.data);

  /** Everything that the relay holds, in its order. */
  async entries(): Promise<Entry[]> {
    const { readFileSync, rmSync } = await import('node:fs');
    const file = join(this.data, `export-${Date.now()}.jsonl`);
    const ended = await this.command('export', '--data', this.data, '--out', file);
    if (ended.code !== 0) throw new Error(`export failed: ${ended.text}`);
    const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '');
    rmSync(file);
    return lines.map((line) => {
      const parsed = JSON.parse(line);
      const entry = parsed.entry ?? parsed;
      return { ...entry, record: JSON.parse(entry.record) };
    });
  }

  /** Records of one type, such as `signal_raised`. */
  async records(type: string): Promise<Entry[]> {
    return (await this.entries()).filter((entry) => entry.record.type === type);
  }
}
