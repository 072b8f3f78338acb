import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { serviceConfig } from '../src/config/schema.ts'

const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const read = (page: string): string => readFileSync(`${docs}${page}`, 'utf8')
const pages = readdirSync(docs).filter((page) => page.endsWith('.md'))

type Node = z.core.JSONSchema.BaseSchema

/** `environments.*.deploy.bake`: every key that a configuration may have. */
function keysBelow(node: Node, path = ''): string[] {
  const named = Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`
    return [at, ...keysBelow(value as Node, at)]
  })
  const inside = [node.additionalProperties, node.items].flatMap((value) =>
    value && typeof value === 'object' ? keysBelow(value as Node, `${path}.*`) : [],
  )
  const options = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
  return [...named, ...inside, ...options.flatMap((option) => keysBelow(option as Node, path))]
}

const keys = [
  ...new Set(keysBelow(z.toJSONSchema(serviceConfig, { io: 'input', unrepresentable: 'any' }) as Node)),
]

/** `run` and `strategy` are what `sh()`, `rolling()` and their like write; nobody does. */
const written = keys.filter((key) => !/\.(run|strategy|kind)$/.test(key))
const lastOf = (key: string): string => key.replace(/\.\*$/, '').split('.').at(-1) ?? key

/** Keys that a text does not name in code. */
function unnamedIn(text: string, wanted: readonly string[]): string[] {
  const code = [...text.matchAll(/^```ts\n([\s\S]*?)^```|`([^`\n]+)`/gm)].map(([all]) => all).join('\n')
  return wanted.filter((key) => !new RegExp(`(?<![A-Za-z])${lastOf(key)}(?![A-Za-z])`).test(code))
}

it('explains every key of the configuration on one of its pages', () => {
  expect(keys.length).toBeGreaterThan(200)
  expect(unnamedIn(pages.map(read).join('\n'), written)).toEqual([])
})

it('lists on the page of the configuration whatever stands at the top, in start, jobs, environments and deploy', () => {
  const listed = written.filter((key) =>
    /^[^.]+$|^start\.|^pipeline\.\*\.[^.]+$|^release\.|^environments\.\*\.[^.]+$|^environments\.\*\.deploy\.[^.]+$/.test(
      key,
    ),
  )
  expect(listed).toContain('environments.*.deploy.deadline')
  expect(unnamedIn(read('config.md'), listed)).toEqual([])
})
