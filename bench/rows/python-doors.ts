import { compare, rowOf } from '../http/compare.ts';
import { type PythonKind, pythonServerName, startPython } from '../http/python-server.ts';
import type { KeyhouseRole } from '../http/role.ts';
import { OTHERS, startServer } from '../http/running-server.ts';
import type { LoadRequest } from '../http/wrk.ts';
import type { Row } from '../row.ts';
import type { SeededFolder } from '../seeded-engine.ts';

const KINDS: readonly PythonKind[] = ['WSGI', 'ASGI'];

/**
 * The middlewares for Python, which ask a Keyhouse in another process about every request, against the same application
 * without them. A server that this machine does not have is left out.
 */
export async function pythonDoors(
  role: KeyhouseRole,
  { verifier }: SeededFolder,
  requests: readonly LoadRequest[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kind of KINDS) {
    const name = pythonServerName(kind);
    if (name === null) {
      process.stderr.write(`no server for ${kind} applications is installed: its row is left out\n`);
      continue;
    }
    const keyhouse = await startServer(role, OTHERS);
    const checked = await startPython(kind, { url: keyhouse.url, token: verifier });
    try {
      const compared = await compare(checked, await startPython(kind, null), requests);
      const work = `the check in a Python ${kind} application, which asks over the network (${name})`;
      rows.push(rowOf(work, 'the same application without it', null, compared));
    } finally {
      await checked.stop();
      await keyhouse.stop();
    }
  }
  return rows;
}
