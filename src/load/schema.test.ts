import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { comparisonEvidence } from './plan/compare/evidence.ts'
import { locatedLine } from './plan/line/index.ts'
import { loadResult } from './result.ts'

const published = (name: string) =>
  fileURLToPath(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url))

it.each([
  ['load-result', 'A load test of Plimsoll', loadResult],
  ['load-line', 'A load line that Plimsoll searched', locatedLine],
  ['comparison', 'A comparison of two releases by Plimsoll', comparisonEvidence],
])('publishes the schema of its results: %s', async (name, title, shape) => {
  const schema = { title, ...z.toJSONSchema(shape) }
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(published(name))
})
