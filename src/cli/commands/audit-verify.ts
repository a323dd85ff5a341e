import { resolve } from 'node:path';
import type { AuditReport } from '../../server/operator.ts';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { CommandFailure, EXIT_CODES } from '../failure.ts';
import { facts } from '../table.ts';
import { jsonText, printable } from '../terminal.ts';

export const auditVerify: CommandSpec = {
  name: 'verify',
  about: 'Look whether anything was altered in the audit log, or taken out of it.',
  details:
    'Of a store it reads the whole chain, the clear text beside it and the checkpoints, whether a server runs or not. With --events it ' +
    'reads an export and nothing else, on any machine. What was signed and kept apart (--checkpoints) shows also what somebody did who ' +
    'could write to the database. The exit code is 0 when all is sound, 1 when something was altered, and 78 when a file cannot be read.',
  options: [
    { flags: '--events <file>', about: 'An export as JSON lines, instead of a store. Needs --checkpoints and --keys.' },
    { flags: '--checkpoints <file>', about: 'Checkpoints that were kept apart, one line each.' },
    { flags: '--keys <file>', about: 'Public keys that count, instead of those in the secrets folder.' },
    { flags: '--part', about: 'The export begins or ends in the middle: what lies outside is not missed.' },
  ],
  examples: [
    'keyhouse audit verify',
    'keyhouse audit verify --checkpoints /mnt/worm/checkpoints.jsonl',
    'keyhouse audit verify --events audit.jsonl --checkpoints checkpoints.jsonl --keys audit-keys.json',
  ],
  reach: 'here',
  async run(call) {
    const report = await verify(call);
    if (call.isJson) call.terminal.out(`${jsonText(report)}\n`);
    else call.terminal.out(printable(inWords(report, call)));
    return (report.sound ? EXIT_CODES.ok : EXIT_CODES.refused).number;
  },
};

async function verify(call: Call): Promise<AuditReport> {
  const operator = await import('../../server/operator.ts');
  const path = (name: string): string | null => {
    const given = call.option(name);
    return given === undefined ? null : resolve(call.terminal.cwd, given);
  };
  const [events, checkpoints, keys] = [path('events'), path('checkpoints'), path('keys')];
  const isPart = call.flag('part');
  if (events !== null) {
    if (checkpoints !== null && keys !== null) {
      return operator.verifyAuditFiles({ events, checkpoints, keys, isPart });
    }
    throw new CommandFailure('usage', '--events needs --checkpoints and --keys.', {
      hint: 'Without them nothing tells whether somebody wrote the whole chain anew.',
    });
  }
  if (isPart) throw new CommandFailure('usage', '--part goes with --events.');
  const config = await call.config();
  operator.requireStore(config);
  const { inTurn } = await import('../folder-turn.ts');
  try {
    return await inTurn(config, () => operator.verifyStoreAtRest(config, { keys, checkpoints }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'FolderOwned') throw error;
    const reply = await call.ask({ method: 'POST', path: '/v1/local/audit/verify', body: { keys, checkpoints } });
    return reply.json as AuditReport;
  }
}

function inWords(report: AuditReport, call: Call): string {
  const { sound, events, first_seq, last_seq, findings, further_findings } = report;
  const about = facts(
    [
      ['events', events === 0 ? 0 : `${events} (${first_seq} to ${last_seq})`],
      ['checkpoints', report.checkpoints],
      ['signed up to', report.signed_seq ?? 'nothing'],
      ['not signed yet', report.unsigned_events],
      ['fields erased', report.erased_fields],
    ],
    call.paint,
  );
  if (sound) return `${about}\nNothing was altered.\n`;
  const lines = findings.map(({ problem, message }) => `  ${problem.padEnd(18)}  ${message}`);
  const more = further_findings === 0 ? '' : `  … and ${further_findings} more.\n`;
  return `${about}\nSOMETHING WAS ALTERED:\n${lines.join('\n')}\n${more}`;
}
