/**
 * The secret of a mailed link: it stands behind `#`, which never leaves the browser, and is taken out of the address before
 * anything else happens, so that it is in no history and on no screen.
 */
export const secretInAddress: string = take();

// Another link opened in the same tab changes the part behind `#` alone: read anew, it is taken like the first.
window.addEventListener('hashchange', () => {
  if (isLinkPage() && location.hash.length > 1) location.reload();
});

function isLinkPage(): boolean {
  return /^\/(?:invitation|reset-password|staff|claim)$/.test(location.pathname);
}

function take(): string {
  const { hash, pathname } = location;
  if (!isLinkPage() || hash.length < 2) return '';
  history.replaceState(null, '', pathname);
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return '';
  }
}
