import { expect, it } from 'vitest'
import { pageFolder } from './page.ts'

it('the page is the built one, from the source and from the build', () => {
  expect(pageFolder('file:///p/src/server/api/page.ts')).toBe('/p/dist/web/')
  expect(pageFolder('file:///p/dist/server/api/page.js')).toBe('/p/dist/web/')
})
