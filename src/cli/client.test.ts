import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { createClient } from './client.ts'

it('takes a server that dies while it answers for one that cannot be reached', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
    response.write('{"a":')
    setTimeout(() => response.destroy(), 20)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    const client = createClient({ server: `http://127.0.0.1:${port}`, token: undefined, folder: '/' })
    const broken = {
      code: 'PLM_SERVER_UNREACHABLE',
      message: expect.stringContaining('broke off its answer'),
    }
    await expect(client.get('/', z.unknown())).rejects.toMatchObject(broken)
    await expect(client.send('POST', '/', {}, z.unknown())).rejects.toMatchObject(broken)
  } finally {
    server.close()
  }
})

it('says that what answers is no Plimsoll server', async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/gone' ? 404 : 200).end('<p>Another program</p>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    const client = createClient({ server: `http://127.0.0.1:${port}`, token: undefined, folder: '/' })
    for (const path of ['/', '/gone'])
      await expect(client.get(path, z.object({ at: z.number() }))).rejects.toMatchObject({
        code: 'PLM_SERVER_UNREACHABLE',
        message: expect.stringContaining('is no Plimsoll server'),
      })
  } finally {
    server.close()
  }
})
