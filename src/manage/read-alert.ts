import { z } from 'zod';
import { type AlertWire, alertSchema, alertsWire, withinReach } from './alert-wire.ts';
import { defineOperation } from './operation.ts';
import { idSchema } from './schemas.ts';

const inputSchema = z.strictObject({ id: idSchema });
type Input = z.infer<typeof inputSchema>;

/** One alert. */
export const readAlert = defineOperation<Input, AlertWire>({
  id: 'readAlert',
  summary: 'Read an alert',
  access: { needs: 'keyhouse-alerts:read' },
  effect: 'reads',
  input: inputSchema,
  output: alertSchema,
  run: async (engine, caller, { id }) => {
    const alert = withinReach(caller, await engine.store.alerts.find(id));
    const [wire] = await alertsWire(engine, [alert]);
    return wire as AlertWire;
  },
});
