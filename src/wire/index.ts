export type { Head } from './head.ts'
export { ResponseScanner, type ScanResult, type TakePart } from './response-scanner.ts'
