import type { Call } from '../call.ts';
import type { OptionSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { readList, readObject } from '../options.ts';
import { workspaceReference } from '../references.ts';

/** What all owners have: where they belong, what they may do there, whether they may do anything. */
export const OWNER_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--workspace <workspace>',
    about: 'Where it belongs, by id or external id. With --permissions, --roles or both.',
  },
  { flags: '--permissions <list>', about: 'What it may do there: servers:read,instances:*', reads: readList },
  { flags: '--roles <list>', about: 'Roles it has there, by name or id.', reads: readList },
  {
    flags: '--memberships <json>',
    about: 'Several workspaces at once, as the API takes them. It is the whole set: one that is missing is cut.',
    reads: readMemberships,
  },
  { flags: '--metadata <json>', about: 'An object of your own, at most 4 KiB.', reads: readObject },
];

/** The fields of an owner that were given. */
export function ownerFields(call: Call): Record<string, unknown> {
  const workspace = call.option('workspace');
  const name = call.option('workspaceName');
  if (name !== undefined && workspace === undefined) {
    throw new CommandFailure('usage', '--workspace-name goes with --workspace.');
  }
  const fields: Record<string, unknown> = {
    name: call.option('name'),
    email: call.option('email'),
    workspace:
      workspace === undefined ? undefined : { ...workspaceReference(workspace), ...(name !== undefined && { name }) },
    permissions: call.option('permissions'),
    roles: call.option('roles'),
    memberships: call.option('memberships'),
    metadata: call.option('metadata'),
    disabled: call.flag('disabled') ? true : call.flag('enabled') ? false : undefined,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function readMemberships(text: string): unknown {
  const value = readObject(`{"memberships":${text}}`) as { memberships: unknown };
  return value.memberships;
}
