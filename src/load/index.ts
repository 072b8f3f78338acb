export type { Service } from './compare/instance.ts'
export type { CompareSpec, SideSpec } from './compare/spec.ts'
export { type ComparedSide, type ComparisonEnd, type ComparisonRun, runComparison } from './comparison-run.ts'
export type { EnginePlan, Load, RequestSpec, Script } from './engine/engine-plan.ts'
export { readScenarioFile } from './engine/stage.ts'
export { evidenceOf } from './evidence.ts'
export { isBaseline, type LoadLineBody, loadLineBody, loadLineGate } from './gates.ts'
export { encodeHdr } from './hdr/index.ts'
export { jobFiles } from './job-folder.ts'
export { runJourney } from './journey/run.ts'
export type { LineJobSpec } from './line-job/spec.ts'
export { type LineSearch, searchLoadLine } from './line-search.ts'
export { type LoadProgress, runLoadTest } from './load-test.ts'
export type { LoadTest } from './load-test-plan.ts'
export { thisPlace } from './place.ts'
export { isAddress, isHere, namesUser, nearestAddress } from './plan/address.ts'
export { type ComparisonEvidence, comparisonEvidence } from './plan/compare/evidence.ts'
export {
  type Comparison,
  type ComparisonState,
  defaultCompareOptions,
  effectFigures,
  markdown as renderComparisonMarkdown,
  type Round as MeasuredRound,
  text as renderComparisonText,
} from './plan/compare/index.ts'
export { objectiveOf, parseGoal } from './plan/goal.ts'
export {
  historyOf,
  levelShifts,
  type Shift as LoadShift,
  type Step as LoadStep,
} from './plan/history/index.ts'
export {
  type LineGoal,
  type LineResult,
  type LineState,
  type LineStep,
  type LocatedLine,
  locatedLine,
  usedAtLine,
} from './plan/line/index.ts'
export type {
  LineTestEnd,
  LineTestProgress,
  LineTestSettings,
  LineTestStart,
} from './plan/line-test/index.ts'
export { placeText } from './plan/place.ts'
export { constant, durationOf, expectedRequests } from './plan/profile.ts'
export { parseProfile } from './plan/profile-text.ts'
export { type ListedRequest, parseRequestList } from './plan/request-list.ts'
export { namesOf } from './plan/request-names.ts'
export * from './plan/story/index.ts'
export { parseThresholds } from './plan/thresholds.ts'
export {
  formatMoment,
  formatMs,
  formatRate,
  renderHtml,
  renderLineHtml,
  renderLineMarkdown,
  renderLineText,
  renderMarkdown,
  renderText,
} from './report/index.ts'
export type { LoadResult } from './result.ts'
