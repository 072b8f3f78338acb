import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runJourney } from './run.ts'

const scenarioFile = `
import { scenario } from 'plimsoll/load'
export const setUp = async (user) => (await user.get('/setup')).text()
export default [
  scenario('pay by card', async (user) => {
    const basket = await user.post('/basket', { amount: 1_000 })
    user.check('created', basket.status === 201)
    await user.get('/cards/4242424242424242')
    await user.group('pay', async () => {
      const paid = await user.get('/pay?card=4242')
      user.check('settled', paid.text() === 'settled')
    })
    user.check('knows its basket', user.data === 'basket 7')
    user.check('has its secret', process.env.SIGN_IN === 'open' && process.env.HOME === undefined)
  }),
  scenario('give up', async (user) => {
    await user.get('/pay')
    throw new Error('nothing to pay with')
  }),
  scenario('hang', async (user) => {
    await user.get('/basket')
    await user.get('/never')
  }),
]
`

describe('a journey', () => {
  let folder = ''
  let base = ''
  let pays: readonly [number, string] = [200, 'settled']
  const server = createServer((request, response) => {
    if (request.url === '/never') return
    if (request.url?.startsWith('/pay')) {
      response.statusCode = pays[0]
      return response.end(pays[1])
    }
    response.statusCode = request.method === 'POST' ? 201 : 200
    response.end('basket 7')
  })
  const go = (scenario: string, withinMs = 20_000) =>
    runJourney({ file: join(folder, 'pay.load.ts'), scenario, baseUrl: base, withinMs }, folder, {
      SIGN_IN: 'open',
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-journey-'))
    await writeFile(join(folder, 'pay.load.ts'), scenarioFile)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('tells each step of one user on one pass, under names that hold no numbers', async () => {
    const whole = await go('pay by card')
    expect(whole.isWhole).toBe(true)
    expect(whole.steps.map(({ name, problems }) => [name, problems])).toEqual([
      ['POST /basket', []],
      ['GET /cards/:id', []],
      ['pay › GET /pay', []],
    ])
    const sum = whole.steps.reduce((all, { durationMs = 0 }) => all + durationMs, 0)
    expect(whole.durationMs).toBeGreaterThanOrEqual(sum)
    expect(sum).toBeGreaterThan(0)
  })

  it('tells which step was not as it should be, and which check', async () => {
    pays = [500, 'later']
    const found = await go('pay by card')
    expect(found.steps[2]).toMatchObject({ problems: ['answered 500', 'pay › settled does not hold'] })
    expect(found.isWhole).toBe(true)
    pays = [200, 'settled']
  })

  it('tells what ended it before its end', async () => {
    const [gaveUp, hung, unknown] = await Promise.all([go('give up'), go('hang', 4_000), go('nobody')])
    expect(gaveUp).toMatchObject({ isWhole: false, problem: 'pay.load.ts:18: nothing to pay with' })
    expect(hung).toMatchObject({ isWhole: false, steps: [{ name: 'GET /basket' }, { name: 'GET /never' }] })
    expect(hung.problem ?? hung.steps[1]?.problems[0]).toMatch(/had not ended within 4000 ms|has no answer/)
    expect(unknown.problem).toBe('there is no scenario nobody; there are pay by card, give up, hang')
  })
})
