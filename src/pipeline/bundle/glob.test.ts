import { describe, expect, test } from 'vitest'
import { compileGlobs } from './glob.ts'

describe('a glob', () => {
  test.each([
    ['**', 'a', true],
    ['**', 'a/.b/c', true],
    ['*', '.npmrc', true],
    ['*', 'a/b', true],
    ['*.js', 'a.js', true],
    ['*.js', 'a/b.js', false],
    ['**/*.js', 'b.js', true],
    ['**/*.js', 'a/b/c.js', true],
    ['reports/*.xml', 'reports/a.xml', true],
    ['reports/*.xml', 'reports/a/b.xml', false],
    ['reports/**/*.xml', 'reports/a/b.xml', true],
    ['dist', 'dist/a/b', true],
    ['dist/', 'dist/a', true],
    ['./dist', 'dist', true],
    ['dist', 'distant', false],
    ['a/**', 'a/b', true],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a?c', 'abc', true],
    ['a?c', 'a😀c', true],
    ['a?c', 'ac', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[!a-c]x', 'dx', true],
    ['[x', '[x', true],
    ['*.{js,ts}', 'a.ts', true],
    ['*.{js,ts}', 'a.jsx', false],
    ['{a,b{c,d}}', 'bd', true],
    ['a+(b).c', 'a+(b).c', true],
    ['a.c', 'abc', false],
    ['*a*b*', 'xxaxxbxx', true],
  ])('%s on %s: %s', (pattern, path, expected) => {
    expect(compileGlobs([pattern]).matches(path)).toBe(expected)
  })

  test('a folder is entered only when something in it could be meant', () => {
    const globs = compileGlobs(['src/*/lib', 'dist'])
    const folders = ['src', 'src/a', 'dist', 'dist/x', 'node_modules', 'srcs']
    expect(folders.map((folder) => globs.reaches(folder))).toEqual([true, true, true, true, false, false])
  })

  test('no pattern takes long', () => {
    const nasty = compileGlobs([`${'*a'.repeat(50)}b`, `${'**/a/'.repeat(30)}b`])
    expect(nasty.matches('a'.repeat(4_000))).toBe(false)
    expect(nasty.matches('a/'.repeat(2_000).slice(0, -1))).toBe(false)
    expect(() => compileGlobs(['{a,b}'.repeat(20)])).toThrow('too many alternatives')
  })
})
