export * from './service-watch.ts'
