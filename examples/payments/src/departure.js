import { once } from 'node:events'

/**
 * Lets a server go without losing a request. Made before the server has any other listener, so as to hear first.
 * @param {import('node:http').Server} server
 * @param {object} [options]
 * @param {number} [options.silenceMs] how long a client that connected just before gets to ask something
 */
export function createDeparture(server, { silenceMs = 500 } = {}) {
  /** @type {Set<import('node:net').Socket>} connections that have brought no request yet */
  const silent = new Set()
  /** @type {Map<import('node:http').ServerResponse, Promise<void>>} what is dealt with, and when it is done */
  const working = new Map()
  let begun = false

  server.on('connection', (socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })

  server.on('request', (request, response) => {
    silent.delete(request.socket)
    if (begun) sayGoodbye(response)
  })

  /** The client is to come back on another connection, which then leads to another instance. */
  function sayGoodbye(/** @type {import('node:http').ServerResponse} */ response) {
    if (!response.headersSent) response.setHeader('connection', 'close')
  }

  function closeSilent() {
    for (const socket of silent) socket.destroy()
  }

  return {
    hasBegun: () => begun,

    /**
     * @param {import('node:http').ServerResponse} response
     * @param {Promise<void>} work it may last longer than the response, whose client can break off
     */
    track(response, work) {
      working.set(response, work)
      work.finally(() => working.delete(response))
    },

    /** Takes no new connection; resolves when everything that came has been dealt with. */
    async begin() {
      begun = true
      const closed = once(server, 'close')
      server.close()
      for (const response of working.keys()) sayGoodbye(response)
      setTimeout(closeSilent, silenceMs).unref()
      await closed
      await Promise.all(working.values())
    },
  }
}
