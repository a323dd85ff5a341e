import type { AboutPerson, ErasedText } from '../../ports/index.ts';
import { ERASURE_ACTION } from './audit-trail.ts';
import type { Session } from './session.ts';

/** What an event keeps of whoever acted, of whom they acted for, and of whom it was about. */
const OF_ACTOR = ['ip', 'user_agent', 'reason'];
const OF_BEHALF = ['actor_ip', 'reason'];
const OF_OTHERS = ['ip', 'user_agent', 'actor_ip'];

const AT_ONCE = 500;

/** Deletes clear text and salts of a person. */
export async function eraseClearText({ db }: Session, about: AboutPerson): Promise<ErasedText> {
  const { actorIds, externalId, subjectIds, email } = about;
  const events = db.selectFrom('audit_event').select('seq');
  const acted = await collect(actorIds, (ids) => events.where('actor_id', 'in', ids).execute());
  // An erasure keeps its own reason: it tells why the rest is gone.
  const concerned = await collect(subjectIds, (ids) =>
    events.where('subject_id', 'in', ids).where('action', '!=', ERASURE_ACTION).execute(),
  );
  // Somebody not yet signed in, who asked for themselves.
  const alone = await collect(subjectIds, (ids) =>
    events.where('subject_id', 'in', ids).where('actor_kind', '=', 'system').execute(),
  );
  const asExternal = externalId === null ? [] : [externalId];
  const external = await collect(asExternal, (ids) =>
    events.where('actor_kind', '=', 'external').where('actor_id', 'in', ids).execute(),
  );
  const behalf = await collect(asExternal, (ids) =>
    events.where('behalf_kind', '=', 'external').where('behalf_id', 'in', ids).execute(),
  );
  const named = await collect(email === null ? [] : [email], (values) =>
    db.selectFrom('audit_personal').select('seq').where('value', 'in', values).execute(),
  );

  const touched = new Set<number>();
  let fields = 0;
  const erase = async (seqs: readonly number[], which: 'in' | 'not in', names: readonly string[]) => {
    for (let at = 0; at < seqs.length; at += AT_ONCE) {
      const gone = await db
        .deleteFrom('audit_personal')
        .where('seq', 'in', seqs.slice(at, at + AT_ONCE))
        .where('field', which, names)
        .returning('seq')
        .execute();
      fields += gone.length;
      for (const { seq } of gone) touched.add(seq);
    }
  };
  await erase([...acted, ...external, ...alone], 'in', OF_ACTOR);
  await erase(behalf, 'in', OF_BEHALF);
  await erase([...concerned, ...named], 'not in', OF_OTHERS);
  return { events: touched.size, fields };
}

async function collect(
  values: readonly string[],
  select: (values: readonly string[]) => Promise<readonly { readonly seq: number }[]>,
): Promise<readonly number[]> {
  const seqs = new Set<number>();
  for (let at = 0; at < values.length; at += AT_ONCE) {
    for (const { seq } of await select(values.slice(at, at + AT_ONCE))) seqs.add(seq);
  }
  return [...seqs];
}
