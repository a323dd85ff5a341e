import { createHash } from 'node:crypto';
import { formatInstant } from '../policy/index.ts';
import {
  ALERT_NETWORKS_MAX,
  type AlertFinding,
  type AlertRecord,
  type Instant,
  type Transaction,
} from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import type { Upkeep } from './job.ts';
import { putMail } from './put-mail.ts';
import { administratorsOf, recipientsOf } from './recipients.ts';

const HOUR_MS = 3_600_000;
/** Mails about alerts that one person is sent in an hour: more would bury the first. */
const MAILS_PER_HOUR = 10;

/**
 * Raises an alert, or counts up the one there is of that window: what was found stands for all there was, so finding it
 * again changes nothing. One that is new is mailed and published, in the same transaction.
 */
export async function raiseAlert(upkeep: Upkeep, finding: AlertFinding, now: Instant): Promise<void> {
  const isNew = await upkeep.engine.store.transact(async (transaction) => {
    const there = await transaction.alerts.lockByKey(finding.key);
    if (there !== null) {
      await countUp(transaction, there, finding);
      return false;
    }
    const alert: AlertRecord = {
      ...finding,
      networks: finding.networks.slice(0, ALERT_NETWORKS_MAX),
      id: generateId('alt', upkeep.engine.random),
      createdAt: now,
      acknowledgedAt: null,
      acknowledgedBy: null,
      note: null,
    };
    // Another process was first: what there is more of it is counted the next time.
    if (!(await transaction.alerts.insert(alert))) return false;
    // One that was trimmed away within its window is not told of again.
    if (!(await transaction.notices.once(`alert:${finding.key}`, now))) return false;
    await mailAlert(upkeep, transaction, alert, now);
    await publish(transaction, alert);
    return true;
  });
  if (isNew) upkeep.alertsRaised.set(finding.kind, (upkeep.alertsRaised.get(finding.kind) ?? 0) + 1);
}

async function countUp({ alerts }: Transaction, there: AlertRecord, finding: AlertFinding): Promise<void> {
  const networks = [...new Set([...there.networks, ...finding.networks])].slice(-ALERT_NETWORKS_MAX);
  const grown = {
    networks,
    firstAt: Math.min(there.firstAt, finding.firstAt),
    lastAt: Math.max(there.lastAt, finding.lastAt),
    count: Math.max(there.count, finding.count, networks.length),
  };
  const isSame = Object.entries(grown).every(
    ([field, value]) => JSON.stringify(there[field as keyof typeof grown]) === JSON.stringify(value),
  );
  if (!isSame) await alerts.update(there.id, grown);
}

async function mailAlert(upkeep: Upkeep, transaction: Transaction, alert: AlertRecord, now: Instant): Promise<void> {
  const { engine } = upkeep;
  if (!engine.sendsMail) return;
  const { owners, tokens, notices } = transaction;
  const token = alert.tokenId === null ? null : await tokens.findById(alert.tokenId);
  const home = await owners.findWorkspace({ home: true });
  const workspaceId = token?.workspaceId ?? home?.id;
  const told = [
    ...(token === null ? [] : await recipientsOf(owners, { ...token, ...token.rotation })),
    ...(workspaceId === undefined ? [] : await administratorsOf(owners, workspaceId)),
  ];
  const [network] = alert.networks;
  const data = {
    kind: alert.kind,
    at: formatInstant(alert.lastAt),
    count: String(alert.count),
    ...(network !== undefined && { network }),
    ...(token !== null && { name: token.name, hint: token.hint }),
  };
  for (const to of new Set(told)) {
    const hour = Math.floor(now / HOUR_MS);
    // An address has no place in what is kept for good.
    const whom = createHash('sha256').update(to).digest('base64url').slice(0, 22);
    let mails = 0;
    while (mails < MAILS_PER_HOUR && !(await notices.once(`alert-mail:${whom}:${hour}:${mails}`, now))) mails++;
    if (mails === MAILS_PER_HOUR) continue;
    const isLast = mails === MAILS_PER_HOUR - 1;
    await putMail(engine, transaction, { template: 'alert', to, data: { ...data, ...(isLast && { is_last: 'yes' }) } });
  }
}

/** Without the networks: whoever is told of a workspace from outside need not be told where its people are. */
async function publish({ events }: Transaction, alert: AlertRecord): Promise<void> {
  const { id, kind, tokenId, lineageId, ownerId, workspaceId, firstAt, lastAt, count } = alert;
  if (!(await events.isAwaited('alert.raised', workspaceId))) return;
  await events.publish({
    type: 'alert.raised',
    at: alert.createdAt,
    workspaceId,
    data: {
      alert: { id, kind, count, first_seen_at: formatInstant(firstAt), last_seen_at: formatInstant(lastAt) },
      token_id: tokenId,
      lineage_id: lineageId,
      owner_id: ownerId,
      workspace_id: workspaceId,
    },
  });
}
