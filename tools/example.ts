/**
 * `npm run example -- NAME [options]` starts one of `examples/`. Prevents that every example needs its own instructions:
 * each has a `main.ts`, and everything after the name is its own.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = join(import.meta.dirname, '../examples');
const [name, ...rest] = process.argv.slice(2);
const names = readdirSync(folder).filter((entry) => existsSync(join(folder, entry, 'main.ts')));

if (name === undefined || !names.includes(name)) {
  if (name !== undefined && name !== '--help') console.error(`There is no example named ${name}.`);
  console.error(`npm run example -- NAME [options], where NAME is one of: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  const main = join(folder, name, 'main.ts');
  process.argv.splice(1, process.argv.length, main, ...rest);
  await import(pathToFileURL(main).href);
}
