import type { CatalogueEntry, LevelEntry } from '../profile.ts';

const READING: readonly string[] = ['read', 'readonly', 'list', 'get', 'view'];
const RULING: readonly string[] = ['admin', 'manage', 'delete', 'remove'];

/** Three levels over a catalogue: looking, changing, everything. A level that would be empty is left out. */
export function levelsOver(catalogue: readonly CatalogueEntry[]): readonly LevelEntry[] {
  const permissions = catalogue.map(({ permission }) => permission);
  const action = (permission: string) => permission.slice(permission.indexOf(':') + 1);
  const resources = [...new Set(permissions.map((permission) => permission.slice(0, permission.indexOf(':'))))];
  const levels: readonly LevelEntry[] = [
    { level: 'read', description: 'View', permissions: permissions.filter((one) => READING.includes(action(one))) },
    {
      level: 'write',
      description: 'View and change',
      permissions: permissions.filter((one) => !RULING.includes(action(one))),
    },
    { level: 'admin', description: 'Everything', permissions: resources.map((resource) => `${resource}:*`) },
  ];
  return levels.filter(({ permissions }) => permissions.length > 0);
}
