/**
 * profile: one provider's dialect as data, and what is read out of it: error answers in its words, its catalogue, levels
 * and limit tiers, what changes between two versions. A profile holds no functions and nothing here asks for its name, so
 * a further company is a file. Refuses to decide anything: whether a request is allowed is judged elsewhere and only
 * worded here.
 */
export { type AlertPlan, type AlertSettings, alertPlanOf } from './alert-plan.ts';
export { cataloguePermissions, compileLevels, knowsPermission } from './catalogue.ts';
export { describable } from './challenge.ts';
export { checkProfile, type ProfileCheck } from './check-profile.ts';
export { RENAMEABLE_FIELDS } from './fields.ts';
export { type LeakPolicy, leakPolicyOf } from './leak-policy.ts';
export { windowsOf } from './limits.ts';
export { describeChange, type ProfileChange } from './narrowing.ts';
export { canonicalProfile, type ParsedProfile, parseProfile } from './parse-profile.ts';
export { collections, coolset, deployerp, findPreset, hosting, installer, keyhouse, presets } from './presets/index.ts';
export { findProblems, type ProblemWords, type ProfileProblem } from './problem.ts';
export type {
  CatalogueEntry,
  Company,
  DenialWords,
  ErrorDialect,
  GrantTemplate,
  LevelEntry,
  LimitTier,
  Profile,
  SampleRequest,
  TokenDialect,
  Words,
} from './profile.ts';
export { type ReminderPlan, reminderPlanOf } from './reminder-plan.ts';
export {
  type DenialToRender,
  denialTitle,
  type RenderedDenial,
  type RenderedResponse,
  renderDenial,
} from './render-denial.ts';
export { type RejectionToRender, renderRejection } from './render-rejection.ts';
export { type RotationPlanOfProfile, rotationPlanOf } from './rotation-plan.ts';
export { profileSchema } from './schema.ts';
export { statusText } from './status-text.ts';
