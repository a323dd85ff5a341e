import { jsonAnswer } from './door.ts';
import type { Page } from './page.ts';

/** What a load balancer has to know. */
export interface Readiness {
  /** `read_only`: decisions are taken, changes answer 503 (a full disk). `unreachable`: nothing can be decided. */
  readonly store: 'ok' | 'read_only' | 'unreachable';
  /** The process is on its way out and finishes what it has begun. */
  readonly draining: boolean;
}

const FRESH = { 'Cache-Control': 'no-store' };

/** The process is alive, whatever its surroundings. */
export const healthz: Page = {
  page: 'healthz',
  summary: 'Whether the process is alive',
  isDocumented: true,
  answer: () => jsonAnswer(200, { status: 'ok' }, FRESH),
};

/** Whether to send traffic here: 200 while decisions can be taken, `degraded` while changes cannot be written. */
export const readyz: Page = {
  page: 'readyz',
  summary: 'Whether requests should be sent here',
  isDocumented: true,
  answer: async ({ readiness }) => {
    const { store, draining } = await readiness();
    if (draining) return jsonAnswer(503, { status: 'draining', store }, FRESH);
    if (store === 'unreachable') return jsonAnswer(503, { status: 'unavailable', store }, FRESH);
    return jsonAnswer(200, { status: store === 'ok' ? 'ok' : 'degraded', store }, FRESH);
  },
};
