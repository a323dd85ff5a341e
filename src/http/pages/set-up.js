// The one page that ever holds a management token. It lives in this document only: not in storage, not in the address,
// and not in what the browser brings back with its Back button.

const form = document.getElementById('form');
const problem = document.getElementById('problem');
const submit = document.getElementById('submit');
const tokenShown = document.getElementById('token');
const command = document.getElementById('command');
const fields = ['code', 'email', 'password', 'workspace'].map((name) => document.getElementById(name));
const hints = new Map(fields.map((field) => [field, hintOf(field).textContent]));
let isUnkept = false;

takeCodeFromAddress();
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void setUp();
});
document.getElementById('reveal').addEventListener('click', togglePassword);
document.getElementById('copy-token').addEventListener('click', (event) => copy(event.target, tokenShown));
document.getElementById('copy-command').addEventListener('click', (event) => copy(event.target, command));
document.getElementById('kept').addEventListener('click', leave);
window.addEventListener('beforeunload', (event) => {
  if (isUnkept) event.preventDefault();
});
window.addEventListener('pagehide', forget);
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

async function setUp() {
  clearProblems();
  const empty = fields.filter((field) => field.value.trim() === '');
  for (const field of empty) showFieldProblem(field, 'This is still empty.');
  if (empty.length > 0) {
    empty[0].focus();
    return;
  }
  submit.disabled = true;
  try {
    const answer = await fetch('/v1/setup', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, field.value]))),
    });
    const body = await answer.json().catch(() => ({}));
    if (answer.status === 201) give(body.token.value);
    else refuse(body);
  } catch {
    showProblem('Keyhouse does not answer. Is it still running? Nothing was lost: try again.');
  } finally {
    submit.disabled = false;
  }
}

/** Errors come in the words and the shape of the profile in force; the lists of places are alike in all of them. */
function refuse(body) {
  const error = typeof body.error === 'object' && body.error !== null ? body.error : body;
  const sentence = error.detail ?? error.message ?? error.title ?? 'That did not work.';
  let first = null;
  for (const { path, message } of error.errors ?? []) {
    const field = fields.find((one) => one.name === path);
    if (field === undefined) continue;
    showFieldProblem(field, message);
    first ??= field;
  }
  if (first === null) showProblem(sentence);
  (first ?? fields[0]).focus();
}

function give(value) {
  isUnkept = true;
  tokenShown.textContent = value;
  command.textContent = `curl ${form.dataset.api}/v1/auth/test \\\n  -H "Authorization: Bearer ${value}"`;
  form.reset();
  document.getElementById('asking').hidden = true;
  document.getElementById('giving').hidden = false;
  document.title = 'Your first key · Keyhouse';
  document.getElementById('handover').focus();
}

function leave() {
  isUnkept = false;
  forget();
  location.replace('/');
}

function forget() {
  tokenShown.textContent = '';
  command.textContent = '';
}

async function copy(button, source) {
  const said = document.getElementById('copied');
  try {
    await navigator.clipboard.writeText(source.textContent);
    said.textContent = 'Copied.';
    button.textContent = 'Copied';
  } catch {
    // No clipboard on plain HTTP from another machine: select it, so that one key press copies.
    getSelection().selectAllChildren(source);
    said.textContent = 'Selected. Copy it with the keyboard.';
    button.textContent = 'Selected';
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2500);
}

function togglePassword(event) {
  const password = document.getElementById('password');
  const isShown = password.type === 'password';
  password.type = isShown ? 'text' : 'password';
  event.target.textContent = isShown ? 'Hide' : 'Show';
  event.target.setAttribute('aria-pressed', String(isShown));
}

/** The terminal may print a link with the code behind `#`, which never leaves the browser. */
function takeCodeFromAddress() {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code === '') return;
  document.getElementById('code').value = code;
  history.replaceState(null, '', location.pathname);
  document.getElementById('email').focus();
}

function showProblem(sentence) {
  problem.textContent = sentence;
  problem.hidden = false;
}

function showFieldProblem(field, message) {
  field.setAttribute('aria-invalid', 'true');
  const hint = hintOf(field);
  hint.textContent = message;
  hint.classList.add('problem-hint');
}

function clearProblems() {
  problem.hidden = true;
  for (const field of fields) {
    field.removeAttribute('aria-invalid');
    const hint = hintOf(field);
    hint.textContent = hints.get(field);
    hint.classList.remove('problem-hint');
  }
}

function hintOf(field) {
  return document.getElementById(field.getAttribute('aria-describedby'));
}
