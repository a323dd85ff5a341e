import type { ExplanationWire } from '../../manage/index.ts';
import type { Call } from '../call.ts';
import type { CommandSpec } from '../command.ts';
import { explanationText } from '../denial-view.ts';
import { readSecret } from '../secret-input.ts';

export const explainCommand: CommandSpec = {
  name: 'explain',
  about: 'Show why a request was refused: every check in order, and what to do.',
  args: [{ syntax: '[request]', about: 'Request id of the refusal: req_…' }],
  details:
    'The request id stands in the X-Request-Id header of every answer. Without one, or with --token-stdin, the refused ' +
    'token itself asks: it is read from standard input, never from the command line, and asking spends nothing.',
  options: [{ flags: '--token-stdin', about: 'Ask with the refused token itself, from standard input.' }],
  examples: ['keyhouse explain req_4n2aZq8C1x0PbVtR7', 'keyhouse explain < token.txt'],
  reach: 'anywhere',
  async run(call) {
    const [request] = call.args;
    if (request === undefined || call.flag('tokenStdin')) return askWithToken(call, request);
    const reply = await call.ask({ method: 'GET', path: `/v1/denials/${encodeURIComponent(request)}` });
    return call.show<ExplanationWire>(reply, (answer) => explanationText(answer, call.paint));
  },
};

interface Why {
  readonly now: ExplanationWire;
  readonly denials: readonly ExplanationWire[];
}

async function askWithToken(call: Call, request: string | undefined): Promise<undefined> {
  const token = await readSecret(call.terminal, 'The refused token');
  const reply = await call.ask({ method: 'POST', path: '/v1/why', body: { token, request_id: request } });
  return call.show<Why>(reply, ({ now, denials }) => {
    if (request !== undefined && denials[0] !== undefined) return explanationText(denials[0], call.paint);
    const title = call.paint.bold('A request from here, now');
    const parts = [`${title}\n\n${explanationText(now, call.paint)}`];
    if (denials.length > 0) parts.push(call.paint.bold('Its latest refusals'));
    return [...parts, ...denials.map((one) => explanationText(one, call.paint))].join('\n\n');
  });
}
