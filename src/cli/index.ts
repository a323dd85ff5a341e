/**
 * cli: the command `keyhouse`. It owns how commands are spelled, how answers look to a person and how a command ends.
 * Every management command is one HTTP request to the operation's route: over the private socket of the server that owns
 * the data folder, in this process when none does, or over the network with a token. It refuses secrets on the command
 * line, and to decide anything that the API does not.
 */
export { type CommandGroup, type CommandSpec, isGroup, type OptionSpec } from './command.ts';
export { COMMANDS } from './commands/index.ts';
export { EXIT_CODES } from './failure.ts';
export { main } from './main.ts';
export { sharedOptionsOf } from './program.ts';
