import { z } from 'zod';
import type { DenialRecord } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import { type ExplanationWire, explanationSchema, explanationWire, reducedExplanation } from './denial-wire.ts';
import { defineOperation, type Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { askedText } from './schemas.ts';
import { ownerSummary, workspaceSummary } from './token-wire.ts';

const inputSchema = z.strictObject({ request_id: askedText(64) });
type Input = z.infer<typeof inputSchema>;

/**
 * Explains one denial by its request id: whole for who may read denials and reaches its workspace, reduced for the bearer of
 * a token of the same lineage and for its signed-in owner.
 * @throws {Rejection} `not_found` alike for everybody else and for what is not there.
 */
export const readDenial = defineOperation<Input, ExplanationWire>({
  id: 'readDenial',
  summary: 'Explain why a request was refused',
  access: { needs: 'keyhouse-denials:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: explanationSchema,
  run: async (engine, caller, { request_id }) => {
    const record = await engine.denials.find(request_id);
    const { words } = engine.authenticator.profile.profile;
    if (record !== null && caller.may('keyhouse-denials:read') && isWithinReach(caller, record)) {
      return { ...explanationWire(record, words), ...(await forOperators(engine, record)) };
    }
    if (record !== null && isOwn(caller, record)) return reducedExplanation(record, words);
    throw new Rejection('not_found', 'No such denial is kept, or it is not yours to read.');
  },
});

function isWithinReach(caller: Caller, { workspaceId }: DenialRecord): boolean {
  return caller.reach === 'installation' || (workspaceId !== null && reaches(caller, workspaceId));
}

function isOwn({ token, self }: Caller, { lineageId, ownerId, workspaceId }: DenialRecord): boolean {
  if (lineageId === null) return false;
  if (token !== null) return lineageId === token.lineageId;
  return self !== null && ownerId === self.ownerId && workspaceId === self.workspaceId;
}

async function forOperators({ store: { owners } }: Engine, record: DenialRecord): Promise<Partial<ExplanationWire>> {
  const { cause, lineageId, ownerId, workspaceId, details } = record;
  const owner = ownerId === null ? null : await owners.find({ id: ownerId });
  const workspace = workspaceId === null ? null : await owners.findWorkspace({ id: workspaceId });
  return {
    cause,
    lineage_id: lineageId,
    ip_allowlist: details.allowlist == null ? null : [...details.allowlist],
    owner: owner === null ? null : ownerSummary(owner),
    workspace: workspace === null ? null : workspaceSummary(workspace),
  };
}
