/**
 * cli/commands: every command as a row of data with the function that carries it out. A command owns its options and how its
 * answer reads; it refuses to know how the answer is obtained, and has no rule that the API does not have.
 */
import type { CommandGroup, CommandSpec } from '../command.ts';
import { accessCommands } from './access-commands.ts';
import { serviceAccountCommands, userCommands } from './account-commands.ts';
import { alertCommands } from './alert-commands.ts';
import { auditCommands } from './audit-commands.ts';
import { configCommand } from './config-command.ts';
import { denialCommands } from './denial-commands.ts';
import { doctorCommand } from './doctor-command.ts';
import { explainCommand } from './explain-command.ts';
import { exportCommand } from './export-command.ts';
import { importCommand } from './import-command.ts';
import { initCommand } from './init-command.ts';
import { mailCommands } from './mail-commands.ts';
import { ownerCommands } from './owner-commands.ts';
import { profileCommands } from './profile-commands.ts';
import { reminderCommands } from './reminder-commands.ts';
import { reviewCommands } from './review-commands.ts';
import { roleCommands } from './role-commands.ts';
import { scanCommand } from './scan-command.ts';
import { serveCommand } from './serve-command.ts';
import { backupCommand, identityKeyCommands, pepperCommands, restoreCommand } from './store-commands.ts';
import { tokenCommands } from './token-commands.ts';
import { trialCommands } from './trial-commands.ts';
import { webhookCommands } from './webhook-commands.ts';
import { workspaceCommands } from './workspace-commands.ts';

/** Every command, in the order in which somebody meets them. */
export const COMMANDS: readonly (CommandSpec | CommandGroup)[] = [
  serveCommand,
  initCommand,
  tokenCommands,
  importCommand,
  ownerCommands,
  userCommands,
  serviceAccountCommands,
  workspaceCommands,
  roleCommands,
  profileCommands,
  trialCommands,
  auditCommands,
  reviewCommands,
  explainCommand,
  denialCommands,
  accessCommands,
  alertCommands,
  scanCommand,
  mailCommands,
  reminderCommands,
  webhookCommands,
  exportCommand,
  backupCommand,
  restoreCommand,
  pepperCommands,
  identityKeyCommands,
  doctorCommand,
  configCommand,
];
