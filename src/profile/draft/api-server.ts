import { isObject, member, objectAt, textAt } from './json-value.ts';
import type { Notes } from './note.ts';

/** Where an API is reached. */
export interface ApiServer {
  /** Scheme and host; null where the document does not say. */
  readonly origin: string | null;
  /** What stands before every path, '' for nothing. */
  readonly basePath: string;
}

const NOWHERE: ApiServer = { origin: null, basePath: '' };

/** The server to draft for: the first public one over https, else the first. */
export function serverOf(list: readonly unknown[], notes: Notes): ApiServer {
  const servers = list.map(readServer).filter((server) => server !== null);
  const chosen = servers.find(isPublic) ?? servers[0] ?? NOWHERE;
  for (const server of servers) {
    if (server.basePath !== chosen.basePath) {
      notes.tell(
        `Paths are drafted below "${chosen.basePath}/"; the document has servers with another base path.`,
        `${server.origin ?? ''}${server.basePath}/`,
      );
    }
  }
  return chosen;
}

function isPublic({ origin }: ApiServer): boolean {
  return origin?.startsWith('https://') === true && !/^https:\/\/(?:localhost|127\.|\[)/.test(origin);
}

function readServer(server: unknown): ApiServer | null {
  const template = textAt(server, 'url');
  if (template === null || template.length > 2_000) return null;
  const variables = objectAt(server, 'variables');
  const url = template.replace(/\{([^{}]*)\}/g, (_whole, name: string) => {
    const variable = member(variables, name);
    return (isObject(variable) ? textAt(variable, 'default') : null) ?? name;
  });
  const isWhole = /^https?:\/\//i.test(url);
  const base = isWhole ? url : `http://here.invalid/${url.replace(/^\/+/, '')}`;
  if (!URL.canParse(base)) return null;
  const { origin, pathname } = new URL(base);
  return { origin: isWhole ? origin : null, basePath: pathname.replace(/\/+$/, '') };
}
