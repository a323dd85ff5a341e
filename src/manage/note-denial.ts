import { denialOrigin, denialRecord, type SeenDecision } from '../authenticate/index.ts';
import type { Caller } from './caller.ts';
import type { Engine } from './operation.ts';

type Asked = Pick<SeenDecision, 'requestId' | 'door' | 'method' | 'target' | 'question' | 'decision' | 'help'>;

/** Keeps the denial that an application asked for, so that it and the bearer can ask why. */
export function noteDenial(engine: Engine, { reach }: Caller, asked: Asked): void {
  const { question, decision } = asked;
  engine.denials.record(denialOrigin(decision, question), () => denialRecord(seenBy(engine, reach, asked)));
}

/** Keeps one accepted question in so many, for those who review what tokens did. */
export function sampleAccess(engine: Engine, { reach }: Pick<Caller, 'reach'>, asked: Asked): void {
  engine.accesses.sample(() => seenBy(engine, reach, asked));
}

function seenBy({ clock, authenticator }: Engine, reach: Caller['reach'], asked: Asked): SeenDecision {
  const { question } = asked;
  return {
    ...asked,
    at: clock.now(),
    addressFrom: question.ip === null ? null : 'question',
    rule: question.rule,
    catalogue: authenticator.profile.catalogue,
    askingWorkspaceId: reach === 'installation' ? null : reach.workspaceId,
  };
}
