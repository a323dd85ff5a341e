/**
 * stores/data-folder: everything a data folder is besides its database file. It decides which one process owns the folder,
 * where that process is reached, what lies in the secrets folder beside it, and whether the two belong together at a start;
 * and it makes and restores backups. It refuses to open a live database file with anything but SQLite, to overwrite a file
 * it would need after a crash, and to guess when the folder and its secrets disagree: then it says both ways out.
 */

export * from './audit-keys.ts';
export * from './backup.ts';
export * from './identity-keys.ts';
export * from './layout.ts';
export * from './owner-lock.ts';
export * from './owner-note.ts';
export { FolderRefused } from './private-folder.ts';
export * from './private-socket.ts';
export * from './restore.ts';
export * from './secrets.ts';
export * from './start-decision.ts';
export * from './witness.ts';
