// The hosted page of one owner's own tokens. What stands behind # is good once, never leaves the browser by itself, and is taken
// out of the address before anything else happens.
const secret = decodeURIComponent(location.hash.slice(1));
history.replaceState(null, '', location.pathname);

const element = document.querySelector('keyhouse-tokens');
const leave = document.getElementById('leave');
element.addEventListener('keyhouse-session', ({ detail: { owner, workspace } }) => {
  document.getElementById('owner').textContent =
    `${owner.name ?? owner.email ?? owner.external_id} · ${workspace.name}`;
  leave.hidden = false;
});
element.addEventListener('keyhouse-ended', () => {
  document.getElementById('owner').textContent = '';
  leave.hidden = true;
});
leave.addEventListener('click', async () => {
  leave.disabled = true;
  // Where the server is silent, the page stays as it is, and the button can be pressed again.
  await element.end().catch(() => {});
  leave.disabled = false;
});
// Without one the page was reloaded: the element asks for the session that goes on.
if (secret !== '') element.session = secret;
// Opened again with another link in the same window.
addEventListener('hashchange', () => location.reload());

const answer = await fetch('/v1/dashboard', { headers: { Accept: 'application/json' } }).catch(() => null);
if (answer?.ok) {
  const { company, words } = await answer.json();
  const name = words.tokens.slice(0, 1).toUpperCase() + words.tokens.slice(1);
  document.title = `${name} · ${company.name}`;
  const mark = document.getElementById('company');
  if (company.logo_url !== null) {
    const logo = document.createElement('img');
    logo.src = company.logo_url;
    logo.alt = '';
    mark.append(logo);
  }
  mark.append(company.name);
  const support = company.support_url ?? (company.support_email === null ? null : `mailto:${company.support_email}`);
  if (support !== null && /^(?:https?|mailto):/.test(support)) {
    document.getElementById('support').href = support;
    document.getElementById('help').hidden = false;
  }
}

await import('./keyhouse-tokens.js');
