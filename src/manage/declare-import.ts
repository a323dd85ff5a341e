import { compileStoredProfile } from '../authenticate/index.ts';
import type { Draft } from '../changes/index.ts';
import type { ProfileVersion, Transaction } from '../ports/index.ts';
import type { ImportedForm } from '../token/index.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { lockActingToken } from './holder.ts';
import { importedFormWire } from './imported-form-wire.ts';
import type { Engine } from './operation.ts';
import { Rejection } from './rejection.ts';

/** Every text that looks like one of them is looked up by its digests: there are few. */
const FORMS_MAX = 16;

/**
 * Has every door know what the tokens of an import look like. It is kept beside the profile, as a version of its own, so
 * that it reaches every process the way a profile does; profiles that are applied later leave it as it is.
 * @throws {Rejection} `conflict` where there are too many.
 */
export async function declareImport(engine: Engine, caller: Caller, form: ImportedForm): Promise<void> {
  if (isDeclared(engine.authenticator.profile.profile.token.imports, form)) return;
  const { value } = await engine.changes.commit((transaction) => draftDeclaration(engine, caller, form, transaction));
  engine.authenticator.adopt(compileStoredProfile(value));
}

/** @throws {Rejection} the same, with nothing done. */
export function checkDeclarable(engine: Engine, form: ImportedForm): void {
  const { imports } = engine.authenticator.profile.profile.token;
  if (!isDeclared(imports, form)) refuseTooMany(imports);
}

async function draftDeclaration(
  engine: Engine,
  caller: Caller,
  form: ImportedForm,
  transaction: Transaction,
): Promise<Draft<ProfileVersion>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const inForce = await transaction.profiles.inForce();
  if (inForce === null) throw new Error('there is no profile in force');
  const unchanged = isDeclared(inForce.imports, form);
  if (!unchanged) refuseTooMany(inForce.imports);
  const next = { ...inForce, appliedAt: now, imports: [...(inForce.imports ?? []), form] };
  const subject = { kind: 'profile' as const, id: '*' };
  return {
    value: unchanged ? inForce : { ...next, version: await transaction.profiles.append(next) },
    subjects: [subject],
    unchanged,
    tightening: false,
    audit: auditDraft(caller, now, {
      action: 'import.declared',
      subject,
      workspaceId: null,
      details: importedFormWire(form),
    }),
  };
}

function refuseTooMany(forms: readonly ImportedForm[] | undefined): void {
  if (forms !== undefined && forms.length >= FORMS_MAX) {
    throw new Rejection('conflict', `Tokens of ${FORMS_MAX} forms were imported already, and more cannot be.`);
  }
}

function isDeclared(forms: readonly ImportedForm[] | undefined, wanted: ImportedForm): boolean {
  const key = formKey(wanted);
  return forms?.some((form) => formKey(form) === key) ?? false;
}

function formKey(form: ImportedForm): string {
  return JSON.stringify(importedFormWire(form));
}
