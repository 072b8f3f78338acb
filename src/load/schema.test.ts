import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { comparisonEvidence } from './plan/compare/evidence.ts'
import { loadResult } from './result.ts'

const published = (name: string) =>
  fileURLToPath(new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url))

it.each([
  ['load-result', 'A load test of Plimsoll', loadResult],
  ['comparison', 'A comparison of two releases by Plimsoll', comparisonEvidence],
])('publishes the schema of its results: %s', async (name, title, shape) => {
  const schema = { title, ...z.toJSONSchema(shape) }
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(published(name))
})
