import type { TestEngine } from '../../src/testing/engine.ts';
import { sampleAlert } from '../../src/testing/sample-records.ts';
import type { Example } from '../changes/example.ts';

async function raised(house: TestEngine): Promise<string> {
  const alert = sampleAlert();
  await house.engine.store.transact(({ alerts }) => alerts.insert(alert));
  return alert.id;
}

const action = 'alert.acknowledged';

/** Every changing operation about alerts, for the test that performs them all. */
export const ALERT_EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  acknowledgeAlert: [{ action, prepare: async (house) => ({ input: { id: await raised(house), note: 'known' } }) }],
  acknowledgeAlerts: [
    { action, prepare: async (house) => ({ input: { ids: [await raised(house), await raised(house)] } }) },
  ],
};

export const ALERT_READS = {
  listAlerts: () => ({}),
  readAlert: () => ({ id: 'alt_0000000000000000000000' }),
};
