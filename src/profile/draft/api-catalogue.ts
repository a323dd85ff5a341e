import type { CatalogueEntry } from '../profile.ts';
import { type GuardedOperation, line } from './api-permissions.ts';
import { type JsonObject, listAt, objectAt, textAt } from './json-value.ts';
import type { Notes } from './note.ts';
import { firstParagraph, shownLine } from './shown-text.ts';

/** What a profile's catalogue takes. */
const OPERATIONS_MAX = 50;
const OPERATION_LENGTH = 200;
const DESCRIPTION_LENGTH = 300;
const SUMMARIES_SHOWN = 3;

/** The permissions of the operations, resource by resource in the order they come up, reading before writing. */
export function catalogueOf(
  document: JsonObject,
  operations: readonly GuardedOperation[],
  notes: Notes,
): readonly CatalogueEntry[] {
  const byPermission = new Map<string, GuardedOperation[]>();
  for (const operation of operations) {
    for (const permission of operation.permissions) {
      const known = byPermission.get(permission);
      if (known === undefined) byPermission.set(permission, [operation]);
      else known.push(operation);
    }
  }
  const describe = describer(document);
  return inOrder([...byPermission.keys()]).map((permission) => {
    const allowed = byPermission.get(permission) ?? [];
    return {
      permission,
      description: describe(permission, allowed),
      operations: operationLines(permission, allowed, notes),
    };
  });
}

function inOrder(permissions: readonly string[]): readonly string[] {
  const resources = [...new Set(permissions.map(resourceOf))];
  const rank = (permission: string) => {
    const action = ['read', 'write'].indexOf(permission.slice(permission.indexOf(':') + 1));
    return resources.indexOf(resourceOf(permission)) * 3 + (action < 0 ? 2 : action);
  };
  const ranks = new Map(permissions.map((permission) => [permission, rank(permission)]));
  return permissions.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
}

function resourceOf(permission: string): string {
  return permission.slice(0, permission.indexOf(':'));
}

function operationLines(permission: string, operations: readonly GuardedOperation[], notes: Notes): readonly string[] {
  const lines = [...new Set(operations.map(line))];
  const shown = lines.filter((text) => text.length <= OPERATION_LENGTH && shownLine(text, OPERATION_LENGTH) === text);
  if (shown.length > OPERATIONS_MAX || shown.length < lines.length) {
    notes.tell(
      `A catalogue lists ${OPERATIONS_MAX} readable operations for a permission; more are left out of it.`,
      permission,
    );
  }
  return shown.slice(0, OPERATIONS_MAX);
}

type Describe = (permission: string, operations: readonly GuardedOperation[]) => string;

/** Takes what the document says of the scope, of its operations, or of their tag, in this order. */
function describer(document: JsonObject): Describe {
  const scopes = scopeDescriptions(document);
  const tags = new Map(listAt(document, 'tags').map((tag) => [textAt(tag, 'name'), textAt(tag, 'description')]));
  return (permission, operations) => {
    const scope = operations[0]?.scopes.get(permission);
    const ofScope = scope === undefined ? '' : firstParagraph(scopes.get(scope) ?? null, DESCRIPTION_LENGTH);
    const ofTag = firstParagraph(tags.get(operations[0]?.tags[0] ?? null) ?? null, DESCRIPTION_LENGTH);
    return ofScope || summariesOf(operations) || ofTag || generic(permission);
  };
}

function scopeDescriptions(document: JsonObject): ReadonlyMap<string, string> {
  const described = new Map<string, string>();
  for (const scheme of Object.values(objectAt(objectAt(document, 'components'), 'securitySchemes'))) {
    for (const flow of Object.values(objectAt(scheme, 'flows'))) {
      for (const [scope, text] of Object.entries(objectAt(flow, 'scopes'))) {
        if (typeof text === 'string' && !described.has(scope)) described.set(scope, text);
      }
    }
  }
  return described;
}

function summariesOf(operations: readonly GuardedOperation[]): string {
  const summaries = new Set(operations.map(({ summary }) => shownLine(summary, 120).replace(/\.$/, '')));
  summaries.delete('');
  const shown = [...summaries].slice(0, SUMMARIES_SHOWN);
  const more = summaries.size - shown.length;
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function generic(permission: string): string {
  const [resource = '', action = ''] = permission.split(':').map((part) => part.replaceAll(/[_-]+/g, ' '));
  if (action === 'read') return `View ${resource}`;
  return action === 'write' ? `Create, change and delete ${resource}` : `${resource}: ${action}`;
}
