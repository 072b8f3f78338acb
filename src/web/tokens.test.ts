import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dark, light, type Tokens } from './tokens.ts'

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const value = Number.parseInt(colour.slice(i, i + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (lighter + 0.05) / (darker + 0.05)
}

const texts = ['text', 'quiet', 'link', 'ok', 'fail', 'warn', 'running', 'neutral', 'live', 'canary'] as const
const shapes = ['border', 'focus', 'live', 'canary'] as const
const themes: readonly (readonly [string, Tokens])[] = [
  ['light', light],
  ['dark', dark],
]

describe.each(themes)('the %s theme', (_name, tokens) => {
  it.each(texts)('shows %s readably on every ground', (name) => {
    for (const ground of [tokens.page, tokens.raised])
      expect(contrast(tokens[name], ground)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(shapes)('shows the shape of %s on every ground', (name) => {
    for (const ground of [tokens.page, tokens.raised])
      expect(contrast(tokens[name], ground)).toBeGreaterThanOrEqual(3)
  })
})

it('is what the style sheet says', () => {
  const css = readFileSync(new URL('./styles/tokens.css', import.meta.url), 'utf8')
  const said = [...css.matchAll(/--(\w+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)]
  expect(Object.fromEntries(said.map(([, name, colour]) => [name, colour]))).toEqual(light)
  expect(Object.fromEntries(said.map(([, name, , colour]) => [name, colour]))).toEqual(dark)
})
