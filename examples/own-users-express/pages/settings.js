/** The session cookie says whose tokens these are; Keyhouse learns it from the application, never from this page. */
document.querySelector('keyhouse-tokens').getSession = async () => {
  const response = await fetch('/settings/session', { method: 'POST' });
  if (!response.ok) throw new Error('nobody is signed in');
  return (await response.json()).session;
};
