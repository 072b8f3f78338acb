import { expect, test } from 'vitest'
import { checkConfig } from './check.ts'
import { guardWith, secretsAsked, secretsGranted } from './guarded.ts'
import type { ServiceConfig } from './schema.ts'

function configOf(root: object): ServiceConfig {
  const { config, problems } = checkConfig(JSON.parse(JSON.stringify(root)))
  if (!config) throw new Error(JSON.stringify(problems))
  return config
}

const guard = configOf({
  service: 'payments',
  start: { command: 'old' },
  pipeline: { test: { steps: [{ run: 'old tests' }] } },
  slos: [{ kind: 'availability', objective: 0.999 }],
  environments: {
    staging: {},
    production: { after: 'staging', instances: 3, env: { KEY: { secret: 'PRODUCTION_KEY' } } },
  },
})

const change = configOf({
  service: 'renamed',
  branch: 'feature',
  start: { command: 'new' },
  pipeline: {
    test: {
      env: { A: { secret: 'ONE' }, B: 'plain' },
      steps: [{ run: 'new tests', env: { C: { secret: 'TWO' }, D: { secret: 'ONE' } } }],
    },
  },
  release: { include: ['dist/**'] },
  environments: { production: { gates: [], env: { KEY: { secret: 'OTHER' } } }, extra: {} },
})

test('a change brings its own pipeline, start and release, and nothing that guards production', () => {
  const guarded = guardWith(change, guard)
  expect(guarded.pipeline).toEqual(change.pipeline)
  expect(guarded.start?.command).toBe('new')
  expect(guarded.release.include).toEqual(['dist/**'])
  expect(guarded.environments).toEqual(guard.environments)
  expect(guarded.slos).toEqual(guard.slos)
  expect([guarded.service, guarded.branch]).toEqual(['payments', 'main'])
})

test('neither input is changed, and a configuration guards itself', () => {
  const before = JSON.stringify([change, guard])
  guardWith(change, guard)
  expect(JSON.stringify([change, guard])).toBe(before)
  expect(guardWith(guard, guard)).toEqual(guard)
})

test('a pipeline gets secrets on the protected branch only', () => {
  expect(secretsAsked(change)).toEqual(['ONE', 'TWO'])
  expect(secretsGranted(change, true)).toEqual(['ONE', 'TWO'])
  expect(secretsGranted(change, false)).toEqual([])
})

test('a change brings its own migration, with the variables that the protected branch gives it', () => {
  const migrating = (env: object, oldestCompatible?: string) =>
    configOf({
      service: 'payments',
      start: { command: 'x' },
      pipeline: { test: { steps: [{ run: 'x' }] } },
      migrate: { run: 'migrate', env, ...(oldestCompatible ? { oldestCompatible } : {}) },
    })
  const own = migrating({ URL: { secret: 'OTHER' } }, '3f2a91c0d4e5')
  expect(guardWith(own, migrating({ URL: { secret: 'DATABASE' } })).migrate).toMatchObject({
    oldestCompatible: '3f2a91c0d4e5',
    env: { URL: { secret: 'DATABASE' } },
  })
  expect(guardWith(own, guard).migrate?.env).toEqual({})
  expect(guardWith(guard, own).migrate).toBeUndefined()
})
