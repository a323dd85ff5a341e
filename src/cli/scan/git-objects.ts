import { once } from 'node:events';
import { runGit, startGit } from './git-program.ts';
import type { Place, Report } from './report.ts';
import { splitAt } from './walk.ts';

const NEWLINE = 0x0a;
const SUBMODULE = '160000';

/** An object to be looked through, and what to call it. */
interface Listed extends Place {
  readonly id: string;
}

/**
 * Looks through everything that git reaches: every version of every file, and the messages of commits and tags.
 * @param range as `git rev-list` takes it, such as `origin/main..HEAD`; null is every branch, tag and stash.
 */
export async function searchHistory(folder: string, range: string | null, report: Report): Promise<void> {
  if ((await runGit(folder, ['rev-parse', '--is-shallow-repository'])).toString().trim() === 'true') {
    report.failed('the history before this clone', 'is not here; `git fetch --unshallow` brings it.');
  }
  const wanted = range === null ? ['--all'] : ['--end-of-options', ...range.split(/\s+/).filter((word) => word !== '')];
  await searchObjects(folder, listHistory(folder, wanted), report);
}

/** Looks through what is about to be committed: the files that differ from the last commit, as they are staged. */
export async function searchStaged(folder: string, report: Report): Promise<void> {
  const listing = ['diff', '--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--diff-filter=ACMT'];
  const fields = splitAt(await runGit(folder, listing), 0);
  const staged: Listed[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode, , id] = (fields[at] as Buffer).toString().split(' ') as [string, string, string, string];
    if (mode !== SUBMODULE) staged.push({ id, name: fields[at + 1] as Buffer, commit: null });
  }
  await searchObjects(folder, staged, report);
}

/** Objects as git lists them: each with the commit after which it comes, and with the name it has there. */
async function* listHistory(folder: string, wanted: readonly string[]): AsyncGenerator<Listed> {
  const { child, ended } = startGit(folder, ['rev-list', '--objects', '--in-commit-order', ...wanted]);
  child.stdin.end();
  let commit: string | null = null;
  let rest = Buffer.alloc(0);
  for await (const chunk of child.stdout) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    for (const line of splitAt(bytes, NEWLINE)) {
      const space = line.indexOf(0x20);
      const id = line.subarray(0, space < 0 ? line.length : space).toString();
      // A commit stands alone on its line; the tree of its top folder has a name that is empty.
      if (space < 0) commit = id;
      yield { id, commit, name: space < 0 ? Buffer.alloc(0) : line.subarray(space + 1) };
    }
    rest = Buffer.from(bytes.subarray(bytes.lastIndexOf(NEWLINE) + 1));
  }
  await ended;
}

/** Reads objects through one git, which is asked while it answers. */
async function searchObjects(
  folder: string,
  objects: AsyncIterable<Listed> | Iterable<Listed>,
  report: Report,
): Promise<void> {
  const { child, ended } = startGit(folder, ['cat-file', '--batch', '--buffer']);
  const asked: Listed[] = [];
  const asking = (async () => {
    try {
      for await (const one of objects) {
        asked.push(one);
        if (!child.stdin.write(`${one.id}\n`)) await Promise.race([once(child.stdin, 'drain'), ended]);
      }
    } finally {
      child.stdin.end();
    }
  })();
  asking.catch(() => {});
  const answers = new Answers(asked, report);
  for await (const chunk of child.stdout) answers.take(chunk as Buffer);
  await asking;
  await ended;
}

/** What `git cat-file --batch` prints: `<id> <type> <size>`, so many bytes, a line break; over and over. */
class Answers {
  readonly #asked: Listed[];
  readonly #report: Report;
  #at = 0;
  #header = Buffer.alloc(0);
  /** Of the object under way; null between two. Its bytes, then the line break behind it. */
  #left: number | null = null;
  #search: ((piece: Uint8Array, isLast: boolean) => void) | null = null;

  constructor(asked: Listed[], report: Report) {
    this.#asked = asked;
    this.#report = report;
  }

  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#left === null ? this.#takeHeader(chunk, at) : this.#takeContent(chunk, at);
  }

  #takeHeader(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(NEWLINE, at);
    this.#header = Buffer.concat([this.#header, chunk.subarray(at, end < 0 ? chunk.length : end)]);
    if (end < 0) return chunk.length;
    const [, type, size] = this.#header.toString().split(' ');
    this.#header = Buffer.alloc(0);
    const object = this.#asked[this.#at++] as Listed;
    if (this.#at === ASKED_KEPT) {
      this.#asked.splice(0, this.#at);
      this.#at = 0;
    }
    if (size === undefined) {
      this.#report.failed(nameOf(object, 'object'), 'is not in this clone.');
      return end + 1;
    }
    this.#left = Number(size);
    // Folders hold names alone, which are looked at with the files.
    this.#search = type === 'tree' ? null : this.#report.begin({ ...object, name: nameOf(object, type as string) });
    if (this.#left === 0) this.#search?.(EMPTY, true);
    return end + 1;
  }

  #takeContent(chunk: Buffer, at: number): number {
    const left = this.#left as number;
    if (left === 0) {
      this.#left = null;
      return at + 1;
    }
    const end = Math.min(chunk.length, at + left);
    this.#left = left - (end - at);
    this.#search?.(chunk.subarray(at, end), this.#left === 0);
    return end;
  }
}

const EMPTY = new Uint8Array(0);
/** Answered questions are forgotten in lots of this size. */
const ASKED_KEPT = 10_000;

function nameOf({ name, id }: Listed, type: string): Buffer {
  if (name.length > 0 && type !== 'tag') return name;
  return Buffer.from(type === 'commit' ? '(message)' : `(${type} ${id.slice(0, 12)})`);
}
