import { expect, it } from 'vitest'
import { readDockerIgnore } from './ignore.ts'

it.each([
  ['node_modules', 'node_modules/a/b.js', true],
  ['node_modules', 'src/node_modules/a.js', false],
  ['**/node_modules', 'src/node_modules/a.js', true],
  ['*.md', 'README.md', true],
  ['*.md', 'docs/README.md', false],
  ['**/*.md', 'README.md', true],
  ['/dist/', 'dist/main.js', true],
  ['*\n!src', 'src/main.js', false],
  ['*\n!src\nsrc/secret*', 'src/secret.env', true],
  ['# a comment\n\n', 'a', false],
  ['a?c', 'abc', true],
  ['a.c', 'abc', false],
])('%j leaves out %s: %s', (text, path, out) => {
  expect(readDockerIgnore(text)(path)).toBe(out)
})
