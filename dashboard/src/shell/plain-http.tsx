import { useDashboard } from '../api/queries.ts';
import { Notice } from '../ui/index.ts';

const LOOPBACK = /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Says that a page came unencrypted: loudly when it came from another machine, in a quiet line on this one. */
export function PlainHttpBanner() {
  const { insecure } = useDashboard();
  if (!insecure || LOOPBACK.test(location.hostname)) return null;
  return (
    <Notice look="warn" className="rounded-none px-6">
      This page came over plain HTTP: what you type and see can be read on the way. Reach it over HTTPS.
    </Notice>
  );
}

export function PlainHttpLine() {
  const { insecure } = useDashboard();
  if (!insecure || !LOOPBACK.test(location.hostname)) return null;
  return <p className="text-xs text-soft">Plain HTTP: good on this machine, and nowhere else.</p>;
}
