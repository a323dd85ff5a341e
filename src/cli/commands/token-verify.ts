import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { EXIT_CODES } from '../failure.ts';
import { readList, readWholeNumber } from '../options.ts';
import { readSecret } from '../secret-input.ts';
import { facts } from '../table.ts';

export const tokenVerify: CommandSpec = {
  name: 'verify',
  about: 'Ask whether a token would be accepted now. The token is read from standard input.',
  details:
    'Never from the command line, which every user of the machine can read. Asking spends nothing of its limits unless ' +
    '--cost says so. The exit code is 0 when it is allowed and 1 when it is refused.',
  options: [
    { flags: '--all-of <list>', about: 'Permissions it must have, all of them.', reads: readList },
    { flags: '--any-of <list>', about: 'Permissions of which it must have one.', reads: readList },
    { flags: '--ip <address>', about: 'Address the request would come from.' },
    {
      flags: '--environment <name>',
      about: 'Environment it would be used in; live when left out.',
      choices: ['live', 'test'],
    },
    { flags: '--cost <count>', about: 'Uses to count; 0 when left out.', reads: readWholeNumber },
  ],
  examples: ['keyhouse token verify --all-of servers:read --ip 203.0.113.9 < token.txt'],
  reach: 'anywhere',
  async run(call) {
    const token = await readSecret(call.terminal, 'The token');
    const reply = await call.ask({
      method: 'POST',
      path: `${(await call.dialect()).tokensPath}/verify`,
      body: {
        token,
        all_of: call.option('allOf') ?? (call.option('anyOf') === undefined ? [] : undefined),
        any_of: call.option('anyOf'),
        ip: call.option('ip'),
        environment: call.option('environment'),
        cost: call.option('cost') ?? 0,
      },
    });
    await call.show<Verdict>(reply, (verdict) => inWords(call, verdict));
    return (reply.json as Verdict).allowed ? EXIT_CODES.ok.number : EXIT_CODES.refused.number;
  },
};

interface Verdict {
  readonly allowed: boolean;
  readonly code: string;
  readonly status?: number;
  readonly message?: string;
  readonly missing?: readonly string[];
  readonly token?: { readonly id: string; readonly name?: string; readonly effective_permissions?: readonly string[] };
  readonly rate_limit?: { readonly limit: number; readonly remaining: number } | null;
}

function inWords(call: Call, verdict: Verdict): string {
  const { token, rate_limit: limit } = verdict;
  const about = facts(
    [
      ['reason', verdict.allowed ? null : `${verdict.code} (${verdict.status})`],
      ['message', verdict.message ?? null],
      ['missing', verdict.missing?.join(', ') ?? null],
      ['token', token === undefined ? null : `${token.name ?? ''} ${token.id}`.trim()],
      ['may do now', token?.effective_permissions?.join(', ') ?? null],
      ['left', limit == null ? null : `${limit.remaining} of ${limit.limit}`],
    ],
    call.paint,
  );
  return `${verdict.allowed ? 'Allowed.' : 'Refused.'}\n\n${about}`;
}
