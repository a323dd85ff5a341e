/** An adopted sheet is no inline style: a page whose policy says `style-src 'self'` shows it. */
export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host {
  --paper: var(--keyhouse-paper, light-dark(#ffffff, #14171c));
  --raised: var(--keyhouse-raised, light-dark(#f6f7f9, #1b1f26));
  --ink: var(--keyhouse-ink, light-dark(#1d2128, #e8eaee));
  --soft: var(--keyhouse-soft, light-dark(#565e6b, #a2abb8));
  --line: var(--keyhouse-line, light-dark(#e3e6ea, #2c323c));
  --edge: var(--keyhouse-edge, light-dark(#c3c9d2, #475060));
  --accent: var(--keyhouse-accent, light-dark(var(--accent-light, #1f5f8b), var(--accent-dark, #7fb8e0)));
  --on-accent: var(--keyhouse-on-accent, light-dark(var(--on-accent-light, #ffffff), var(--on-accent-dark, #000000)));
  --bad: var(--keyhouse-bad, light-dark(#b3261e, #ff9d94));
  --radius: var(--keyhouse-radius, 8px);
  display: block;
  container-type: inline-size;
  background: var(--paper);
  color: var(--ink);
  font-family: var(--keyhouse-font, inherit);
  font-size: 0.875rem;
  font-weight: 400;
  line-height: 1.5;
  text-align: start;
}
:host([hidden]) { display: none; }
*, ::before, ::after { box-sizing: border-box; }
h2, h3, p, ul, dl, dd, fieldset, legend { margin: 0; padding: 0; border: 0; font: inherit; }
h2 { font-size: 1.25rem; font-weight: 600; letter-spacing: -0.01em; }
h2:focus { outline: none; }
h3 { font-weight: 600; }
ul { list-style: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[tabindex="-1"]:focus-visible { outline: none; }
.stack { display: grid; gap: 1rem; }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; justify-content: space-between; }
.soft, .hint { color: var(--soft); }
.hint { font-size: 0.8125rem; }
.code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.8125rem; }
.stack > :empty { display: none; }
.problem { color: var(--bad); font-size: 0.8125rem; }
.alert { padding: 0.625rem 0.875rem; border-radius: var(--radius); border: 1px solid currentColor; color: var(--bad); }
.note { padding: 0.625rem 0.875rem; border-radius: var(--radius); background: var(--raised); border: 1px solid var(--line); }
.button {
  min-height: 2.25rem; padding: 0.375rem 0.875rem; border-radius: calc(var(--radius) * 0.75);
  border: 1px solid var(--edge); background: var(--paper); color: var(--ink); font: inherit; font-weight: 500; cursor: pointer;
}
.button:hover { background: var(--raised); }
.button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.button.danger { background: light-dark(#b3261e, #c9372c); border-color: transparent; color: #ffffff; }
.button.primary:hover, .button.danger:hover { filter: brightness(1.08); }
.button:disabled { opacity: 0.6; cursor: default; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.list { border: 1px solid var(--line); border-radius: var(--radius); }
.row { display: grid; grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr) auto; gap: 0.375rem 1.25rem; align-items: center; padding: 0.75rem 1rem; }
.row + .row { border-top: 1px solid var(--line); }
.row h3, .row .code { overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 0.75rem; font-size: 0.8125rem; }
.facts dt { color: var(--soft); }
.badge { display: inline-block; margin-inline-start: 0.5rem; padding: 0 0.5rem; border: 1px solid var(--edge); border-radius: 99px; font-size: 0.75rem; font-weight: 500; color: var(--soft); vertical-align: 1px; }
.empty { padding: 2rem 1rem; display: grid; gap: 0.5rem; justify-items: center; text-align: center; border: 1px dashed var(--edge); border-radius: var(--radius); }
.field { display: grid; gap: 0.25rem; max-width: 36rem; }
.field > label, legend { font-weight: 500; }
.control {
  width: 100%; min-height: 2.25rem; padding: 0.375rem 0.75rem; border: 1px solid var(--edge); border-radius: calc(var(--radius) * 0.75);
  background: var(--paper); color: var(--ink); font: inherit;
}
.control[aria-invalid] { border-color: var(--bad); }
.value { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; border: 2px solid var(--accent); background: var(--raised); }
.group { display: grid; gap: 0.5rem; min-width: 0; }
.choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: 0.5rem 1rem; }
.choice { display: flex; gap: 0.5rem; align-items: start; min-width: 0; }
.choice > div { min-width: 0; overflow-wrap: anywhere; }
.choice input { margin: 0.25rem 0 0; accent-color: var(--accent); width: 1rem; height: 1rem; flex: none; }
summary { width: fit-content; cursor: pointer; font-weight: 500; }
details > div { margin-top: 0.75rem; }
dialog {
  width: min(32rem, calc(100vw - 2rem)); max-height: calc(100dvh - 2rem); overflow-y: auto; padding: 1.25rem; border: 1px solid var(--line);
  border-radius: calc(var(--radius) * 1.25); background: var(--paper); color: var(--ink); font: inherit;
}
dialog::backdrop { background: rgb(0 0 0 / 0.45); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@container (max-width: 40rem) {
  .row { grid-template-columns: minmax(0, 1fr); gap: 0.625rem; }
  .head .button, .form-actions .button { flex: 1 1 auto; }
}
@media (prefers-reduced-motion: no-preference) {
  .loading { animation: breathe 1.6s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: 0.45; } }
}
`);
