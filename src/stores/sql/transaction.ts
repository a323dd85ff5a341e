import type { Transaction } from '../../ports/index.ts';
import { auditWrites } from './audit.ts';
import { changeWrites } from './changes.ts';
import { ownerWrites } from './owners.ts';
import { peopleWrites } from './people.ts';
import { profileWrites } from './profiles.ts';
import { replayWrites } from './replays.ts';
import type { Session } from './session.ts';
import { tokenWrites } from './tokens.ts';

export function transactionOf(session: Session): Transaction {
  return {
    tokens: tokenWrites(session),
    replays: replayWrites(session),
    owners: ownerWrites(session),
    people: peopleWrites(session),
    profiles: profileWrites(session),
    changes: changeWrites(session),
    audit: auditWrites(session),
  };
}
