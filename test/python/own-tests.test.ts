import { join } from 'node:path';
import { expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';
import { PYTHON } from './application.ts';

const FOLDER = join(import.meta.dirname, '../../python');

suiteNeeding('python', 'the Python package', () => {
  it('passes its own tests', async () => {
    const run = await runProcess(
      PYTHON,
      ['-W', 'error::ResourceWarning', '-m', 'unittest', 'discover', '-s', 'tests'],
      {
        cwd: FOLDER,
        env: { PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: '1' },
      },
    );
    expect(run.stderr).toMatch(/^Ran \d+ tests[\s\S]*\nOK\n$/m);
    expect(run.code).toBe(0);
  });
});

suiteNeeding('mypy', 'the types of the Python package', () => {
  it('are whole in its strict reading', async () => {
    const run = await runProcess('mypy', ['--cache-dir=/dev/null'], { cwd: FOLDER });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('no issues found') });
  });
});
