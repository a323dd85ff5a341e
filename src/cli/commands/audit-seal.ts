import type { CheckpointWire } from '../../manage/index.ts';
import type { CommandSpec } from '../command.ts';

type CheckpointRecord = CheckpointWire & { readonly delivered_at: string | null };

const PAGE_ROWS = 100;

const checkpoints: CommandSpec = {
  name: 'checkpoints',
  about: 'Print the signed checkpoints of the audit log, oldest first, one line of JSON each.',
  details: 'Keep them where whoever can write to the database cannot: audit verify takes the file.',
  examples: ['keyhouse audit checkpoints > checkpoints.jsonl'],
  reach: 'anywhere',
  async run(call) {
    const all: CheckpointRecord[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string | number> = { limit: PAGE_ROWS, ...(cursor !== null && { cursor }) };
      const reply = await call.ask({ method: 'GET', path: '/v1/audit-checkpoints', query });
      const page = reply.json as { readonly data: CheckpointRecord[]; readonly next_cursor: string | null };
      all.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    call.terminal.out(all.reverse().map(lineOf).join(''));
    return undefined;
  },
};

function lineOf({ delivered_at: _, ...checkpoint }: CheckpointRecord): string {
  return `${JSON.stringify(checkpoint)}\n`;
}

const keys: CommandSpec = {
  name: 'keys',
  about: 'Print the public keys of the checkpoints, as a JSON Web Key Set.',
  examples: ['keyhouse audit keys > audit-keys.json'],
  reach: 'anywhere',
  async run(call) {
    const { json } = await call.ask({ method: 'GET', path: '/v1/audit-keys' });
    call.terminal.out(`${JSON.stringify(json, null, 2)}\n`);
    return undefined;
  },
};

const checkpoint: CommandSpec = {
  name: 'checkpoint',
  about: 'Sign the audit log as it stands now, without waiting for the next time.',
  examples: ['keyhouse audit checkpoint'],
  reach: 'here',
  async run(call) {
    const reply = await call.ask({ method: 'POST', path: '/v1/local/audit/checkpoint' });
    return call.show<{ checkpoint: CheckpointWire | null }>(reply, ({ checkpoint: made }) =>
      made === null
        ? 'Everything is signed already.\n'
        : `Checkpoint ${made.number} signs all events up to ${made.seq}, with key ${made.kid}.\n`,
    );
  },
};

const rotateKey: CommandSpec = {
  name: 'rotate-key',
  about: 'Sign the audit log with a new key from now on.',
  details:
    'Of the key before only the public part is kept: what it signed can still be verified. Take a new copy of the secrets folder, and of ' +
    'the public keys wherever you keep them.',
  examples: ['keyhouse audit rotate-key'],
  reach: 'here',
  async run(call) {
    const reply = await call.ask({ method: 'POST', path: '/v1/local/audit/rotate-key' });
    return call.show<{ kid: string; published: string[] }>(
      reply,
      ({ kid, published }) => `Key ${kid} signs from now on; ${published.length} can be verified.\n`,
    );
  },
};

export const auditSealCommands: readonly CommandSpec[] = [checkpoints, checkpoint, keys, rotateKey];
