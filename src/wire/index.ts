export type { Head } from './head.ts'
export { ResponseScanner, type ScanResult } from './response-scanner.ts'
