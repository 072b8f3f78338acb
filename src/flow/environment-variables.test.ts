import { describe, expect, it } from 'vitest'
import type { DeploymentState } from '../deploy/index.ts'
import { PlimsollError } from '../kernel/index.ts'
import {
  fillIn,
  secretNames,
  secretsProblem,
  variablesOfInstance,
  variablesOfTasks,
} from './environment-variables.ts'
import type { World } from './world.ts'

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

  it('of containers are also those that the release brings along: all of them, or those of the image for a command', async () => {
    const instances = {
      containersOf: async () => ({
        app: { env: { A: { secret: 'OF_APP' } } },
        proxy: { env: { B: { secret: 'OF_PROXY' } } },
      }),
    } as unknown as World['instances']
    const start = (target: 'process' | 'docker') => ({ target, env: { C: { secret: 'OF_PLACE' } } })
    const of = (target: 'process' | 'docker') =>
      ({
        release: 'sha256:1',
        start: start(target),
        settings: { start: start(target), migrate: { env: { D: { secret: 'OF_TASK' } } } },
      }) as unknown as DeploymentState & { start: DeploymentState['settings']['start'] }
    const names = {
      instance: secretNames(await variablesOfInstance({ instances }, of('docker'))),
      task: secretNames(await variablesOfTasks({ instances }, of('docker'))),
      process: secretNames(await variablesOfInstance({ instances }, of('process'))),
    }
    expect(names).toEqual({
      instance: ['OF_PLACE', 'OF_APP', 'OF_PROXY'],
      task: ['OF_PLACE', 'OF_TASK', 'OF_APP'],
      process: ['OF_PLACE'],
    })
  })
})
