export { check, firstOf } from './machine.ts'
export * from './state.ts'
