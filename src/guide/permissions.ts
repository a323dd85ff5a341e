import type { CatalogueEntry } from '../profile/index.ts';
import type { Block, Section } from './document.ts';
import { code, listed, prose, stacked, strong } from './prose.ts';
import type { Subject } from './subject.ts';

/** What a token may be allowed, as far as the profile says: permissions with their operations, levels, selections. */
export function permissions(subject: Subject): Section {
  const { profile } = subject;
  const { catalogue, grants, levels, templates } = profile;
  const blocks: Block[] = [{ is: 'paragraph', text: neverMore(subject) }];
  if (grants.includes('level')) {
    blocks.push(
      { is: 'heading', id: 'levels', text: prose`Levels` },
      { is: 'paragraph', text: prose`Each level includes the ones before it.` },
      {
        is: 'table',
        columns: [prose`Level`, prose`What it is for`, prose`Permissions`],
        rows: levels.map(({ level, description, permissions: held }) => ({
          cells: [prose`${strong(level)}`, prose`${description}`, listed(held.map(code), 'and')],
        })),
      },
    );
  }
  if (catalogue === 'open') blocks.push({ is: 'paragraph', text: OPEN });
  else blocks.push(...listing(catalogue, subject));
  if (grants.includes('permissions')) blocks.push(...wildcards(catalogue));
  if (grants.includes('permissions') && templates.length > 0) {
    blocks.push(
      { is: 'heading', id: 'ready-made', text: prose`Ready-made selections` },
      {
        is: 'table',
        columns: [prose`Selection`, prose`What it is for`, prose`Permissions`],
        rows: templates.map(({ name, description, permissions: held }) => ({
          cells: [prose`${strong(name)}`, prose`${description}`, listed(held.map(code), 'and')],
        })),
      },
    );
  }
  return {
    id: 'permissions',
    title: prose`Permissions`,
    blocks,
  };
}

const OPEN = prose`A permission is a resource and an action, ${code('servers:read')}. The documentation of each operation names the one it needs, and so does the refusal when it is missing.`;

/** The rule that holds whatever was granted. */
function neverMore({ profile: { grants }, voice }: Subject) {
  const inherits =
    grants.length === 1 && grants[0] === 'inherit'
      ? prose`${voice.ATokenUpper} may do what the user it belongs to may do, at the moment of each request.`
      : prose`${voice.ATokenUpper} may do what it was given, and never more than the user it belongs to may do at the moment of the request.`;
  return prose`${inherits} If that user loses a permission, their ${voice.tokens} lose it with them, at once.`;
}

function listing(catalogue: readonly CatalogueEntry[], { profile }: Subject): Block[] {
  const blocks: Block[] = [];
  if (profile.grants.includes('level')) {
    blocks.push({ is: 'heading', id: 'operations', text: prose`What each permission allows` });
  }
  const hasOperations = catalogue.some(({ operations }) => operations.length > 0);
  blocks.push({
    is: 'table',
    columns: [prose`Permission`, prose`What it is for`, ...(hasOperations ? [prose`Operations`] : [])],
    rows: catalogue.map(({ permission, description, operations }) => ({
      cells: [
        prose`${code(permission)}`,
        prose`${description}`,
        ...(hasOperations ? [stacked(operations.map(code))] : []),
      ],
    })),
  });
  return blocks;
}

function wildcards(catalogue: Subject['profile']['catalogue']): Block[] {
  const names =
    catalogue === 'open' ? ['servers:read', 'servers:write'] : catalogue.map(({ permission }) => permission);
  const resource = resourceWithMost(names);
  const covered = names.filter((name) => resourceOf(name) === resource);
  return [
    {
      is: 'paragraph',
      text: prose`${code(`${resource}:*`)} stands for every permission on ${code(resource)}: ${listed(covered.map(code), 'and')}, and any that is added later. A ${code('*')} alone does not exist. No permission includes another: who needs ${listed(distinctPair(names), 'and')} asks for both.`,
    },
  ];
}

function distinctPair(names: readonly string[]) {
  const read = names.find((name) => name.endsWith(':read')) ?? names[0] ?? '';
  const other = names.find((name) => name !== read && resourceOf(name) === resourceOf(read)) ?? names[1] ?? read;
  return [code(read), code(other)];
}

/** The one that shows best what a wildcard covers. */
function resourceWithMost(names: readonly string[]): string {
  const counts = Map.groupBy(names, resourceOf);
  return [...counts].reduce((most, next) => (next[1].length > most[1].length ? next : most))[0];
}

function resourceOf(permission: string): string {
  return permission.split(':')[0] ?? permission;
}
