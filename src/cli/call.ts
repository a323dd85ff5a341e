import type { Config } from '../server/operator.ts';
import type { Ask, Client, Reply } from './client.ts';
import type { CommandSpec } from './command.ts';
import { type Dialect, readDialect } from './dialect.ts';
import { CommandFailure } from './failure.ts';
import { givenSettings } from './options.ts';
import { failureOf } from './problem.ts';
import { type Paint, paintOf } from './table.ts';
import { jsonText, printable, type Terminal } from './terminal.ts';

/** One command as it was called: what was given, whom to ask, where to write. */
export class Call {
  readonly terminal: Terminal;
  readonly args: readonly (string | undefined)[];
  readonly paint: Paint;
  readonly options: Readonly<Record<string, unknown>>;
  readonly #reach: CommandSpec['reach'];
  #client: Client | null = null;
  #dialect: Dialect | null = null;

  constructor(
    terminal: Terminal,
    args: readonly (string | undefined)[],
    options: Readonly<Record<string, unknown>>,
    reach: CommandSpec['reach'],
  ) {
    this.terminal = terminal;
    this.args = args;
    this.options = options;
    this.#reach = reach;
    this.paint = paintOf(terminal.hasColours);
  }

  get isJson(): boolean {
    return this.flag('json');
  }

  /** A required argument. */
  argument(at: number): string {
    return this.args[at] ?? '';
  }

  option<T = string>(name: string): T | undefined {
    return this.options[name] as T | undefined;
  }

  flag(name: string): boolean {
    return this.options[name] === true;
  }

  /** The configuration with this command's flags in it. @throws {StartRefused} with every problem at once. */
  async config(): Promise<Config> {
    const { loadConfig } = await import('../server/operator.ts');
    const given = givenSettings(this.options);
    if (hasPassword(given['database-url'])) {
      throw new CommandFailure('usage', '--database-url must not hold a password.', {
        hint: 'Every user of this machine can read command lines. Set KEYHOUSE_DATABASE_URL instead.',
      });
    }
    return loadConfig(given, this.terminal.env, this.terminal.cwd);
  }

  /** Performs a call. @throws {CommandFailure} it was refused, or nobody could be asked. */
  async ask(ask: Ask): Promise<Reply> {
    const reply = await this.tryAsking(ask);
    if (reply.status >= 400) throw failureOf(reply);
    if (reply.json === undefined) {
      throw new CommandFailure('refused', 'The answer is not JSON: is there a Keyhouse at this address?');
    }
    return reply;
  }

  /** Performs a call whose refusal means something. */
  async tryAsking(ask: Ask): Promise<Reply> {
    this.#client ??= await this.#openClient();
    return this.#client.request(ask);
  }

  async dialect(): Promise<Dialect> {
    this.#dialect ??= await readDialect((ask) => this.tryAsking(ask));
    return this.#dialect;
  }

  /** Prints an answer: as it came under `--json`, in words otherwise. */
  async show<T>(reply: Reply, inWords: (answer: T, dialect: Dialect) => string): Promise<undefined> {
    if (this.isJson) {
      this.terminal.out(`${reply.text.trimEnd()}\n`);
      return;
    }
    const dialect = await this.dialect();
    this.terminal.out(inWords(dialect.ours(reply.json) as T, dialect));
  }

  /** Opens the store of this machine ahead of the first call, making it where there is none. */
  async openStore(how: { readonly makes: boolean }): Promise<void> {
    const { openLocalClient } = await import('./local-client.ts');
    this.#client = await openLocalClient(await this.config(), this, how);
  }

  /** Whether calls go to another process; null before the first one. */
  get isThroughServer(): boolean | null {
    return this.#client?.isThroughServer ?? null;
  }

  /** Says something that is no result, for eyes or for a log reader. */
  warn(message: string): void {
    this.terminal.err(this.isJson ? `${jsonText({ warning: message })}\n` : `${printable(message)}\n`);
  }

  async close(): Promise<void> {
    await this.#client?.close();
  }

  async #openClient(): Promise<Client> {
    const url = this.#reach === 'here' ? undefined : (this.option('url') ?? this.terminal.env.KEYHOUSE_URL);
    const tokenFile = this.option('tokenFile') ?? null;
    if (url !== undefined && url !== '') {
      const { openRemoteClient } = await import('./remote-client.ts');
      return openRemoteClient({ url, tokenFile }, this);
    }
    if (tokenFile !== null) throw new CommandFailure('usage', '--token-file goes with --url.');
    const { openLocalClient } = await import('./local-client.ts');
    return openLocalClient(await this.config(), this, { makes: false });
  }
}

function hasPassword(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && new URL(url).password !== '';
}
