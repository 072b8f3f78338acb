import { createServer } from 'node:http'

/** The floor: what accepting on node:http costs when nobody else is asked. The answer is the upstream's, head and all. */
const [port = ''] = process.argv.slice(2)
const body = 'Plimsoll measures itself and its peers against this reply.\n'
const head = ['Content-Type', 'text/plain', 'Content-Length', String(body.length), 'Server', 'nginx']

createServer((_, response) => response.writeHead(200, head).end(body)).listen(Number(port), '127.0.0.1')
