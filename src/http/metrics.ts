import { Rejection } from '../manage/index.ts';
import type { DenialDoor } from '../ports/index.ts';
import type { Answer, DoorRequest } from './door.ts';
import { headerValues } from './door.ts';
import type { Page } from './page.ts';

/** Where decisions are counted, and from where the counts are read. */
export interface Metrics {
  /** `outcome` is `ok` or a denial reason. */
  decided(outcome: string, door: DenialDoor, milliseconds: number): void;
  /** Everything, in the text format of Prometheus. */
  read(): Promise<string>;
  readonly contentType: string;
  /** Stops measuring. */
  close(): void;
}

/** Traces that a request came through a proxy, whose address is then not the client's. */
const PROXY_FIELDS = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/** For a collector on this machine: to everybody else, proxies on this machine included, there is nothing here. */
export const metrics: Page = {
  page: 'metrics',
  summary: 'Measurements for Prometheus',
  isDocumented: false,
  answer: async (parts, request): Promise<Answer> => {
    if (parts.metrics === null || !isFromThisMachine(request)) {
      throw new Rejection('not_found', 'There is nothing at this path.');
    }
    const { contentType } = parts.metrics;
    return {
      status: 200,
      headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' },
      body: await parts.metrics.read(),
    };
  },
};

function isFromThisMachine({ peer, rawHeaders }: DoorRequest): boolean {
  const isLoopback = peer !== null && /^(?:127\.|::1$|::ffff:127\.)/.test(peer);
  return isLoopback && PROXY_FIELDS.every((name) => headerValues(rawHeaders, name).length === 0);
}
