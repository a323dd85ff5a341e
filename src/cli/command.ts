import type { Call } from './call.ts';

/** An option as data: the parser, the help and the reference are made of it. */
export interface OptionSpec {
  /** `--expires-in <duration>`, or `--lineage` for a switch. */
  readonly flags: string;
  readonly about: string;
  /** Turns the text into a value; `before` is what an earlier mention gave. Absent where the text is the value. */
  readonly reads?: (text: string, before: unknown) => unknown;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** Without it the command is refused. */
  readonly isRequired?: true;
}

export interface CommandSpec {
  readonly name: string;
  /** Positional arguments: `<id>`, or `[id]` where it may be left out. */
  readonly args?: readonly { readonly syntax: string; readonly about: string }[];
  readonly about: string;
  /** What the one sentence leaves open; paragraphs. */
  readonly details?: string;
  readonly options?: readonly OptionSpec[];
  /** Whole command lines. At least one. */
  readonly examples: readonly string[];
  /** `here`: works on this machine's files and never over `--url`. */
  readonly reach: 'anywhere' | 'here';
  /** @returns the exit code when it is not 0. */
  readonly run: (call: Call) => Promise<number | undefined>;
}

export interface CommandGroup {
  readonly name: string;
  readonly about: string;
  readonly commands: readonly CommandSpec[];
}

export function isGroup(entry: CommandSpec | CommandGroup): entry is CommandGroup {
  return 'commands' in entry;
}
