import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBook, otherBooks } from './book.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plm-book-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the book of an earlier version is read, without the figures that it has not', () => {
  const pages = ['shop.1', 'shop.2'].map((fleet) => {
    const page = Buffer.alloc(256 + 10 * 8)
    page.write(fleet)
    for (let i = 0; i < 10; i++) page.writeDoubleLE(i + 1, 256 + i * 8)
    return page
  })
  writeFileSync(join(folder, 'book-1-0'), Buffer.concat(pages))
  const [found] = otherBooks(folder)
  expect(found).toMatchObject({ name: 'book-1-0', over: true })
  expect([...(found?.accounts.keys() ?? [])]).toEqual(['shop.1', 'shop.2'])
  expect(found?.accounts.get('shop.2')).toMatchObject({ accepted: 1, retried: 5, '5': 10, failedClients: 0 })
})

test('a process does not read its own book', () => {
  openBook(folder).close()
  expect(otherBooks(folder)).toEqual([])
})
