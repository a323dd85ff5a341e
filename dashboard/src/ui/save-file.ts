/** Hands a file to the browser, which saves it. The address it has meanwhile is gone at once. */
export function saveFile(name: string, content: string | Blob): void {
  const file = typeof content === 'string' ? new Blob([content], { type: 'application/octet-stream' }) : content;
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Browsers take the dot from the beginning of a file's name: what is saved is `example-token.env`. */
export function saveEnvFile(variable: string, value: string): void {
  saveFile(`${variable.toLowerCase().replaceAll('_', '-')}.env`, `${variable}=${value}\n`);
}
