import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { messageBody } from './plan/message.ts'

it('publishes the schema of its messages', async () => {
  const schema = { title: 'A message of Plimsoll to a webhook', ...z.toJSONSchema(messageBody) }
  const file = fileURLToPath(new URL('../../docs/schemas/webhook.schema.json', import.meta.url))
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(file)
})
