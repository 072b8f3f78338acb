import { createServer } from 'node:http'
import { Pool } from 'undici'

/** As `plain.ts`, with undici towards the upstream. */
const [port = '', upstream = ''] = process.argv.slice(2)
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 256, pipelining: 1 })

createServer((incoming, response) => {
  const { method = 'GET', url: path = '/', headers } = incoming
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  delete headers.connection
  pool
    .stream({ method, path, headers, body: hasBody ? incoming : null }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      return response
    })
    .catch(() => response.destroy())
}).listen(Number(port), '127.0.0.1')
