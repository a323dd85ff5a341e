/**
 * cli/scan: looks for tokens in files, in a git repository and in a stream. Owns how bytes are come by and where in them a
 * find is; it refuses to know whether a token is alive, and to leave anything out without a word.
 */
export { searchHistory, searchStaged } from './git-objects.ts';
export { type Find, Report } from './report.ts';
export { isRulesFormat, type Looked, RULES_FORMATS, rulesText } from './rules.ts';
export { searchStream } from './search-stream.ts';
export { walk, walkTracked } from './walk.ts';
