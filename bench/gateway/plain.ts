import { Agent, createServer, request } from 'node:http'

/** The least that a proxy on node:http does on both sides: no ledger, no health, no retries, no care for headers. */
const [port = '', upstream = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 256 })

createServer((incoming, response) => {
  const { method, url: path, headers } = incoming
  const asked = request({ host: '127.0.0.1', port: upstream, agent, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(response)
  })
  asked.on('error', () => response.destroy())
  incoming.pipe(asked)
}).listen(Number(port), '127.0.0.1')
