export type { EnginePlan, Load, RequestSpec, Script } from './engine/engine-plan.ts'
export { readScenarioFile } from './engine/stage.ts'
export { encodeHdr } from './hdr/index.ts'
export { type LineSearch, searchLoadLine } from './line-search.ts'
export { type LoadProgress, type LoadTest, runLoadTest } from './load-test.ts'
export type { LineGoal, LineResult, LineState, LineStep } from './plan/line/index.ts'
export { constant, durationOf, expectedRequests } from './plan/profile.ts'
export { parseProfile } from './plan/profile-text.ts'
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
