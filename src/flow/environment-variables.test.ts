import { describe, expect, it } from 'vitest'
import { PlimsollError } from '../kernel/index.ts'
import { fillIn, secretsProblem } from './environment-variables.ts'

const kept: Readonly<Record<string, string>> = { LONG: 'long enough', SHORT: 'abc' }
const world = {
  async secrets(names: readonly string[]) {
    const missing = names.filter((name) => kept[name] === undefined)
    if (missing.length > 0)
      throw new PlimsollError(
        'PLM_SECRET_MISSING',
        missing.map((name) => ({ text: `the secret ${name} has no value` })),
      )
    return Object.fromEntries(names.map((name) => [name, kept[name] ?? '']))
  },
}

describe('variables of a command', () => {
  it('are filled in, and their secrets named apart, to be hidden', async () => {
    const { env, secrets } = await fillIn(world, { A: 'plain', B: { secret: 'LONG' } })
    expect(env).toMatchObject({ A: 'plain', B: 'long enough' })
    expect(secrets).toEqual(['long enough'])
  })

  it('say what keeps the command from being started: all that is missing, or too short to be hidden', async () => {
    expect(await secretsProblem(world, [{ A: 'plain', B: { secret: 'LONG' } }])).toBeUndefined()
    expect(await secretsProblem(world, [{ A: { secret: 'NONE' }, B: { secret: 'NEITHER' } }])).toBe(
      'the secret NONE has no value; the secret NEITHER has no value',
    )
    expect(await secretsProblem(world, [{ A: { secret: 'SHORT' } }])).toBe(
      'a secret is shorter than 4 characters',
    )
  })
})
