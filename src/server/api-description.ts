import { resolve } from 'node:path';
import type { ApiDescription } from '../http/index.ts';
import { type OpenApiRead, readOpenApiFile, readOpenApiValue } from './read-openapi.ts';
import { StartRefused } from './start-refused.ts';

/**
 * The description of the company's own API as it is now: what happens to the file or the value later changes nothing.
 * @param given a value, or the path of a JSON or YAML file.
 * @throws {StartRefused} it cannot be read or shown, with every place and what to do.
 */
export async function readApiDescription(
  given: Readonly<Record<string, unknown>> | string,
  { isHere }: Pick<ApiDescription, 'isHere'>,
): Promise<ApiDescription> {
  const path = typeof given === 'string' ? resolve(given) : null;
  const read = path === null ? readOpenApiValue(given) : await readOpenApiFile(path);
  if (read.ok) return { document: { ...read.document }, isHere };
  throw new StartRefused(refusalOf(path ?? 'The value', read.problems));
}

function refusalOf(name: string, problems: Extract<OpenApiRead, { ok: false }>['problems']): string {
  return `The API description cannot be shown on /reference:\n${problems.map((problem) => `  ${name}: ${problem}`).join('\n')}`;
}
