export { type Collector, type CollectStats, type SourceState, startCollector } from './collector.ts'
export type { Surroundings } from './looks.ts'
export type { Target, Watched, WatchedInstance } from './plan/watched.ts'
