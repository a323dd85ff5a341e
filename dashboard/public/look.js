// Runs before anything is drawn, so that a page in the chosen look never flashes in the other one.
try {
  const look = localStorage.getItem('keyhouse-look');
  if (look === 'light' || look === 'dark') document.documentElement.dataset.look = look;
} catch {
  // Storage that is switched off: the look of the system then.
}
