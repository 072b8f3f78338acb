import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseAddress, findOrigin } from './origin.ts'

const server = createServer((socket) => socket.end())
let port = 0

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

describe('the address of a name', () => {
  it('is the first that accepts a connection', async () => {
    expect(await chooseAddress(['127.0.0.2', '127.0.0.1'], port)).toBe('127.0.0.1')
  })

  it('is the first when it is the only one, or none accepts', async () => {
    expect(await chooseAddress(['127.0.0.2'], port)).toBe('127.0.0.2')
    expect(await chooseAddress(['127.0.0.2', '127.0.0.3'], port)).toBe('127.0.0.2')
  })

  it('is told to be missing', async () => {
    await expect(findOrigin(new URL('http://no-such-host.invalid/'))).rejects.toMatchObject({
      code: 'PLM_LOAD_TARGET',
    })
  })
})
