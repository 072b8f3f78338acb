export { memorySeries } from './memory.ts'
export { durationText, toPromql } from './query/promql.ts'
export {
  aggregate,
  arithmetic,
  histogramQuantile,
  number,
  or,
  over,
  type Query,
  quantileOverTime,
  select,
  series,
  vector,
} from './query/query.ts'
export {
  keyOf,
  type Labels,
  type Matcher,
  nameLabel,
  type Points,
  type Reading,
  staleMarker,
} from './series.ts'
export type { Answer, Appended, SeriesStore } from './store.ts'
export {
  type Exposition,
  type Format,
  familyOf,
  type MalformedLine,
  type MetricType,
  mostMalformed,
  readExposition,
  type Sample,
} from './text/exposition.ts'
export { readLabelMatchers, readMatchers } from './text/matcher.ts'
export { type Count, countIn, readSelector, type Selector } from './text/selector.ts'
export { type Family, writeExposition } from './text/write.ts'
