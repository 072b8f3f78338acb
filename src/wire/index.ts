export { ResponseScanner, type ScanResult } from './response-scanner.ts'
