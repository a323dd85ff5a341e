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
  const read = typeof given === 'string' ? await readOpenApiFile(given) : readOpenApiValue(given);
  if (read.ok) return { document: { ...read.document }, isHere };
  throw new StartRefused(refusalOf(typeof given === 'string' ? given : 'The value', read.problems));
}

function refusalOf(name: string, problems: Extract<OpenApiRead, { ok: false }>['problems']): string {
  return `The API description cannot be shown on /reference:\n${problems.map((problem) => `  ${name}: ${problem}`).join('\n')}`;
}
