import type { Report } from './report.ts';

/** Looks through a stream to its end. */
export async function searchStream(stream: AsyncIterable<unknown>, name: string, report: Report): Promise<void> {
  const take = report.begin({ name: Buffer.from(name), commit: null });
  for await (const chunk of stream) take(Buffer.from(chunk as Uint8Array | string), false);
  take(new Uint8Array(0), true);
}
