export { type Exposition, type MalformedLine, readExposition } from './exposition.ts'
export { type Matcher, type Metric, readMetric, writeMetric } from './matcher.ts'
export { type Count, countIn, readSelector, type Selector } from './selector.ts'
