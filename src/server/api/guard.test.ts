import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { realClock } from '../../host/clock.ts'
import { memoryStore } from '../../store/index.ts'
import { createTokens } from '../tokens.ts'
import { createApp } from './app.ts'
import { namesLoopback } from './guard.ts'
import { tokenRoutes } from './tokens.ts'

async function served(onLoopback = true) {
  const tokens = createTokens(memoryStore().journal, realClock)
  const app = await createApp({ logger: pino({ level: 'silent' }), tokens, onLoopback })
  tokenRoutes(app, tokens)
  return { app, tokens }
}

describe('who may write', () => {
  it.each([
    '/api/tokens',
    '/%61pi/tokens',
    '/api/%74okens',
    '/api/tokens?x=/',
    '//api/tokens',
    'http://anywhere/api/tokens',
  ])('nobody without a token, however the address is spelt: %s', async (url) => {
    const { app, tokens } = await served()
    const { statusCode } = await app.inject({ method: 'POST', url, payload: { name: 'mallory' } })
    expect([401, 404]).toContain(statusCode)
    expect(await tokens.list()).toEqual([])
  })

  it('whoever has one', async () => {
    const { app, tokens } = await served()
    const authorization = `Bearer ${await tokens.add('ada')}`
    const wish = { method: 'POST', url: '/%61pi/tokens', payload: { name: 'bob' } } as const
    expect((await app.inject({ ...wish, headers: { authorization } })).statusCode).toBe(200)
  })
})

describe('who may read', () => {
  const read = async (host: string, onLoopback = true, authorization = '') => {
    const { app, tokens } = await served(onLoopback)
    const token = authorization && `Bearer ${await tokens.add('ada')}`
    const headers = { host, ...(token && { authorization: token }) }
    return (await app.inject({ method: 'GET', url: '/api/tokens', headers })).statusCode
  }

  it('everybody on this machine who calls it by the name of the loopback', async () => {
    expect(await read('127.0.0.1:1876')).toBe(200)
    expect(await read('127.0.0.1:1876', false)).toBe(401)
  })

  it('not a page whose name was made to lead here: it needs a token', async () => {
    expect(await read('rebound.example:1876')).toBe(401)
    expect(await read('rebound.example:1876', true, 'with a token')).toBe(200)
  })

  it.each([
    ['localhost', true],
    ['LOCALHOST:1876', true],
    ['plimsoll.localhost:1876', true],
    ['[::1]:1876', true],
    ['127.1.2.3', true],
    [undefined, true],
    ['127.0.0.1.example:1876', false],
    ['127.example', false],
    ['localhost.example', false],
    ['10.0.0.1', false],
    ['', false],
  ])('%s: %s', (host, yes) => {
    expect(namesLoopback(host)).toBe(yes)
  })
})

it('no browser puts an answer into a frame, guesses its kind, or runs what is not ours in it', async () => {
  const { headers } = await (await served()).app.inject({ method: 'GET', url: '/api/tokens' })
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['content-security-policy']).toContain("default-src 'self'")
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
})

it.each([
  [`/api/tokens/${'a'.repeat(300)}`, 404, 'PLM_NOT_FOUND'],
  [`/api/tokens/${'a'.repeat(5_000)}`, 400, 'PLM_USAGE'],
  ['/api/%ff', 400, 'PLM_USAGE'],
])('an address that cannot be is answered like every other error: %s', async (url, status, code) => {
  const { app, tokens } = await served()
  const headers = { authorization: `Bearer ${await tokens.add('ada')}` }
  const { statusCode, json } = await app.inject({ method: 'DELETE', url, headers })
  expect([statusCode, json()]).toMatchObject([status, { error: { code } }])
})

it.each([
  [Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }), 503],
  [Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }), 503],
  [Object.assign(new Error('constraint failed'), { code: 'ERR_SQLITE_ERROR', errcode: 19 }), 500],
])('a full disk is no fault of Plimsoll, and is called by its name: %s', async (error, status) => {
  const tokens = { ...createTokens(memoryStore().journal, realClock), list: () => Promise.reject(error) }
  const app = await createApp({ logger: pino({ level: 'silent' }), tokens, onLoopback: true })
  tokenRoutes(app, tokens)
  const answer = await app.inject({ method: 'GET', url: '/api/tokens' })
  expect(answer.statusCode).toBe(status)
  expect(answer.json().error.code).toBe(status === 503 ? 'PLM_STORE_UNWRITABLE' : 'PLM_INTERNAL')
})
