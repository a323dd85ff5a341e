/** A real terminal for the real command, with somebody at it. Python's standard library brings the terminal. */
import { join } from 'node:path';
import { findProgram, runProcess } from '../services/process.ts';

const BIN = join(import.meta.dirname, '../../bin/keyhouse.mjs');

/** A sentence when there is no way to make a terminal here; a `missing` of `suiteNeeding`. */
export const whyNoTerminal = findProgram('python3') === null ? 'Python is not installed' : null;

/** Answers a question, which is a line that ends in a colon, and goes on until the command has ended. */
const PERSON = `
import json, os, pty, select, sys, time
args, answers, deadline = json.loads(sys.argv[1]), json.loads(sys.argv[2]), time.monotonic() + 60
pid, terminal = pty.fork()
if pid == 0:
    os.execv(args[0], args)
shown, answered = b'', 0
while time.monotonic() < deadline:
    if not select.select([terminal], [], [], 0.2)[0]:
        continue
    try:
        piece = os.read(terminal, 65536)
    except OSError:
        break
    if piece == b'':
        break
    shown += piece
    text = shown[answered:].decode(errors='ignore')
    for escape in ('\\x1b[0J', '\\x1b[1G'):
        text = text.replace(escape, '')
    if answers and text.rstrip('0123456789G[\\x1b').endswith(': '):
        answer = answers.pop(0)
        answered = len(shown)
        os.write(terminal, b'\\x03' if answer is None else answer.encode() + b'\\r')
else:
    os.kill(pid, 9)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({'shown': shown.decode(errors='replace'), 'code': code, 'left': answers}))
`;

export interface Sat {
  /** What stood on the screen, without what moves the cursor. */
  readonly shown: string;
  readonly code: number;
  /** Answers that nobody asked for. */
  readonly left: readonly (string | null)[];
}

/** Runs a command at a terminal where somebody types these answers in turn; null is Ctrl-C. */
export async function atTerminal(
  folder: string,
  args: readonly string[],
  answers: readonly (string | null)[],
): Promise<Sat> {
  const command = [process.execPath, BIN, ...args];
  const { stdout } = await runProcess('python3', ['-c', PERSON, JSON.stringify(command), JSON.stringify(answers)], {
    cwd: folder,
    env: { NO_COLOR: '1' },
    deadlineMs: 90_000,
  });
  const sat = JSON.parse(stdout) as Sat;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what moves a cursor
  return { ...sat, shown: sat.shown.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '').replaceAll('\r', '') };
}
