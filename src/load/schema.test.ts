import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { loadResult } from './result.ts'

const published = fileURLToPath(new URL('../../docs/schemas/load-result.schema.json', import.meta.url))

it('publishes the schema of its results', async () => {
  const schema = { title: 'A load test of Plimsoll', ...z.toJSONSchema(loadResult) }
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(published)
})
