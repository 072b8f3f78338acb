export { checkoutTree } from './checkout.ts'
export type { Evaluate, Kept, WorkDeps } from './deps.ts'
export { createWork, type Work } from './work.ts'
