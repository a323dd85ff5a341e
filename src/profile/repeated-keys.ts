import { jsonPath } from './problem.ts';

/** Strings and the marks that carry structure; numbers and literals carry none. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Level {
  /** Keys so far, or null inside a list. */
  readonly keys: Set<string> | null;
  /** Where we are: the key or the index. */
  step: string | number;
}

/**
 * JSONPaths of keys that stand twice in one object: a parser keeps the last and says nothing.
 * @param text valid JSON.
 */
export function findRepeatedKeys(text: string): string[] {
  const repeated: string[] = [];
  const levels: Level[] = [];
  let string = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const level = levels.at(-1);
    if (token === '{') levels.push({ keys: new Set(), step: '' });
    else if (token === '[') levels.push({ keys: null, step: 0 });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && typeof level?.step === 'number') level.step += 1;
    else if (token === ':' && level?.keys) {
      level.step = JSON.parse(string) as string;
      if (level.keys.has(level.step)) repeated.push(jsonPath(levels.map((outer) => outer.step)));
      level.keys.add(level.step);
    } else string = token;
  }
  return repeated;
}
