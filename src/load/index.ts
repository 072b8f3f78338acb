export type { Service } from './compare/instance.ts'
export { type ComparedSide, type ComparisonEnd, type ComparisonRun, runComparison } from './comparison-run.ts'
export type { EnginePlan, Load, RequestSpec, Script } from './engine/engine-plan.ts'
export { readScenarioFile } from './engine/stage.ts'
export { encodeHdr } from './hdr/index.ts'
export { type LineSearch, searchLoadLine } from './line-search.ts'
export { type LoadProgress, type LoadTest, runLoadTest } from './load-test.ts'
export {
  type Comparison,
  type ComparisonState,
  defaultCompareOptions,
  markdown as renderComparisonMarkdown,
  sentence as comparisonSentence,
  text as renderComparisonText,
} from './plan/compare/index.ts'
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
