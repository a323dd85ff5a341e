const said = document.querySelector('#said');
const table = document.querySelector('#tokens');

/** Asks the application's token endpoints; the session cookie says who is asking. */
async function ask(path, method, body) {
  const response = await fetch(`/settings/tokens${path}`, {
    method,
    ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.title);
  return answer;
}

async function show() {
  const { data } = await ask('', 'GET');
  table.replaceChildren(...data.filter(({ state }) => state !== 'revoked').map(rowOf));
}

function rowOf({ id, name, hint, state, effective_permissions: may, last_used_at: used }) {
  const row = document.createElement('tr');
  for (const text of [name, hint, state, may.join(', '), used ?? 'never']) row.insertCell().textContent = text;
  row.insertCell().append(
    button('Rotate', async () => tell((await ask(`/${id}/rotate`, 'POST')).new_key.value)),
    button('Revoke', async () => {
      await ask(`/${id}`, 'DELETE');
      said.textContent = `${name} is revoked.`;
    }),
  );
  return row;
}

function button(label, act) {
  const made = document.createElement('button');
  made.textContent = label;
  made.addEventListener('click', () => act().then(show).catch(complain));
  return made;
}

function tell(value) {
  said.textContent = `Copy the token now, it is shown only this once: ${value}`;
}

function complain(error) {
  said.textContent = error.message;
}

document.querySelector('#create').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  ask('', 'POST', { name: form.get('name'), permissions: form.getAll('permissions') })
    .then(({ value }) => tell(value))
    .then(show)
    .catch(complain);
});

show().catch(complain);
