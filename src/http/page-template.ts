import { readFile } from 'node:fs/promises';
import { pageFile } from './static-files.ts';

/** A page of the pages folder with `{{word}}` filled in, escaped for HTML; a word that is not given is nothing. */
export async function fillPage(name: string, words: Readonly<Record<string, string>>): Promise<string> {
  const template = await readFile(pageFile(name), 'utf8');
  return template.replace(/\{\{(\w+)\}\}/g, (_match, word: string) => escapeHtml(words[word] ?? ''));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
