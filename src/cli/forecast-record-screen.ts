import type { ForecastRecordView } from '../contract/index.ts'

/** How the forecasts of a place fared, and what was seen coming there; nothing before the first that is kept. */
export function recordLines(record: ForecastRecordView | undefined): string[] {
  if (!record) return []
  const [bands = '', warnings = ''] = record.text
  return [`  record: ${bands}`, `  warnings: ${warnings}`]
}
