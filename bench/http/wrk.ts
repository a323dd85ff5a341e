import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OTHERS, pinned } from './running-server.ts';

/** One request of a load: sent over and over, in turn with the others. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  /** JSON text unless a header line says otherwise, or null for none. */
  readonly body: string | null;
  /** Further header lines, or others in the place of `Authorization: Bearer` and `Content-Type`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a load is sent. */
export interface LoadShape {
  /** On their way at once. Default enough to keep one server busy. */
  readonly connections?: number;
  /** How long a connection waits before its next request, on average; the next one is random. Default not at all. */
  readonly pauseMs?: number;
  /** Whether every answer is to be a refusal, and not a success. */
  readonly isRefused?: boolean;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p99Micros: number;
}

const CONNECTIONS = 32;

/** Formats every request once, at start: the load generator must not be what is measured. */
const SCRIPT = `
local requests, at = {}, 0
function init(args)
  for line in io.lines(args[1]) do
    local method, path, token, further, body = line:match("^(%u+)\\t(%S+)\\t(%S+)\\t([^\\t]*)\\t(.*)$")
    local headers = { Authorization = "Bearer " .. token }
    if body == "" then body = nil else headers["Content-Type"] = "application/json" end
    for name, value in further:gmatch("([^=;]+)=([^;]*)") do headers[name] = value end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n{"requests":%d,"micros":%d,"p99Micros":%d,"refused":%d,"broken":%d}\\n',
    summary.requests, summary.duration, latency:percentile(99), e.status, e.connect + e.read + e.write + e.timeout))
end
`;

export function hasWrk(): boolean {
  try {
    execFileSync('wrk', ['--version'], { stdio: 'ignore' });
  } catch (error) {
    // It says its version and exits with 1.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
  return true;
}

/** Requests kept in a file for wrk (https://github.com/wg/wrk), the load generator. */
export class Load {
  readonly #folder = mkdtempSync(join(tmpdir(), 'keyhouse-load-'));
  readonly #script = join(this.#folder, 'load.lua');
  readonly #list = join(this.#folder, 'requests');

  constructor(requests: readonly LoadRequest[]) {
    const lines = requests.map(({ method, path, token, body, headers = {} }) => {
      const further = Object.entries(headers).map((header) => header.join('='));
      return [method, path, token, further.join(';'), body ?? ''].join('\t');
    });
    writeFileSync(this.#list, `${lines.join('\n')}\n`);
  }

  /**
   * Sends as fast as the server answers, or as the shape says.
   * @throws {Error} an answer was not what it should be, or a connection broke.
   */
  async run(url: string, seconds: number, shape: LoadShape = {}): Promise<LoadResult> {
    const { connections = CONNECTIONS, pauseMs = 0, isRefused = false } = shape;
    // wrk asks once, before it starts, whether a script has this function.
    const pause = pauseMs === 0 ? '' : `function delay() return math.random(0, ${2 * pauseMs}) end\n`;
    writeFileSync(this.#script, SCRIPT + pause);
    const options = ['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`];
    const [program, ...args] = pinned(OTHERS, ['wrk', ...options, '--script', this.#script, url, '--', this.#list]);
    const run = promisify(execFile)(program, args);
    const [last = ''] = (await run).stdout.trim().split('\n').slice(-1);
    const { requests, micros, p99Micros, refused, broken } = JSON.parse(last) as Record<string, number>;
    if (refused !== (isRefused ? requests : 0) || broken !== 0) {
      throw new Error(`of ${requests} answers ${refused} were refusals, ${broken} requests failed`);
    }
    return {
      requests: requests as number,
      perSecond: ((requests as number) * 1e6) / (micros as number),
      p99Micros: p99Micros as number,
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
