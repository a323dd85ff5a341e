// Adds what needs a script: buttons that copy a program. Everything else on the page works without.

const said = document.getElementById('copied');

for (const sample of document.querySelectorAll('.sample[data-copied]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', () => void copy(button, sample.querySelector('code')));
  sample.append(button);
}

async function copy(button, source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    tell(button, 'Copied', 'Copied.');
  } catch {
    // No clipboard on plain HTTP from another machine: select it, so that one key press copies.
    getSelection().selectAllChildren(source);
    tell(button, 'Selected', 'Selected. Copy it with the keyboard.');
  }
}

function tell(button, label, sentence) {
  button.textContent = label;
  said.textContent = sentence;
  setTimeout(() => {
    button.textContent = 'Copy';
    said.textContent = '';
  }, 2000);
}
