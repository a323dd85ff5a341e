/**
 * The set-up code of a link from the terminal: it stands behind `#`, which never leaves the browser, and is taken out of the
 * address before anything else happens.
 */
export const codeInAddress: string = take();

function take(): string {
  const { hash, pathname, search } = location;
  if (!hash.startsWith('#khsu_')) return '';
  history.replaceState(null, '', `${pathname}${search}`);
  return decodeURIComponent(hash.slice(1));
}
