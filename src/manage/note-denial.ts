import { denialOrigin, denialRecord, type SeenDecision } from '../authenticate/index.ts';
import type { Caller } from './caller.ts';
import type { Engine } from './operation.ts';

type Asked = Pick<SeenDecision, 'requestId' | 'door' | 'method' | 'target' | 'question' | 'decision' | 'help'>;

/** Keeps the denial that an application asked for, so that it and the bearer can ask why. */
export function noteDenial(engine: Engine, { reach }: Caller, asked: Asked): void {
  const { question, decision } = asked;
  engine.denials.record(denialOrigin(decision, question), () =>
    denialRecord({
      ...asked,
      at: engine.clock.now(),
      addressFrom: question.ip === null ? null : 'question',
      rule: question.rule,
      catalogue: engine.authenticator.profile.catalogue,
      askingWorkspaceId: reach === 'installation' ? null : reach.workspaceId,
    }),
  );
}
