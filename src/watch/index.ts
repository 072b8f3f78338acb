export type { SloConfig } from './config.ts'
export { neverFiring } from './plan/slo/never.ts'
