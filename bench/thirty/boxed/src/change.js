import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** What a database across the network takes, in ms: 20 to 60, half of the time below 25. */
const away = () => 20 + 40 * Math.random() ** 3
/** As often as this it does not answer; nearly three times in ten while there is the file `outage`. */
const failing = () => (existsSync('/data/outage') ? 0.28 : 0.003)
let asked = 0

/** What every request but that for the health goes through; each release changes it in its own way. */
export async function change({ method, url }) {
  if (url === '/healthcheck') return
  asked++
  // What is different about this release.
  await pause(away())
  if (Math.random() < failing())
    throw new Error(`the database did not answer ${method} ${url}, request ${asked}`)
}
