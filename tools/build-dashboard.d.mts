/** Whether `dashboard/dist` was built from the sources that are there now. */
export function isDashboardBuilt(root: string): boolean;
/** Whether the packages that build it are installed. */
export function canBuildDashboard(root: string): boolean;
/** Builds beside the old folder and then takes its place. Throws with what the bundler printed. */
export function buildDashboard(root: string): void;
