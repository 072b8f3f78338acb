import { existsSync } from 'node:fs'
import { realClock } from '../../host/clock.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import { type Home, homeFrom } from '../../server/home.ts'
import { endAll, serverEntry, stoppedWithinMs } from '../../server/processes/end-all.ts'
import { findResident, tellResident } from '../../server/processes/pid-file.ts'
import { isAllStopped } from '../../server/processes/stopped.ts'
import type { Command } from '../command.ts'
import { text } from '../connect.ts'

/** Tells whoever lives to stop. @returns whether anybody was there to be told */
async function tell(home: Home, keep: boolean): Promise<boolean> {
  const supervisor = await findResident(home.supervisor)
  if (supervisor && tellResident(supervisor, keep ? 'SIGUSR2' : 'SIGTERM')) return true
  const server = await findResident(home.server)
  return server !== undefined && tellResident(server, keep ? 'SIGTERM' : 'SIGINT')
}

async function untilGone(home: Home): Promise<boolean> {
  const until = realClock.now() + stoppedWithinMs
  while (realClock.now() < until) {
    if (!(await findResident(home.supervisor)) && !(await findResident(home.server))) return true
    await realClock.until(realClock.now() + 100)
  }
  return false
}

/** Without a supervisor and a server there may be instances and gateways all the same: both may have been killed. */
const mayHaveLeft = async (home: Home): Promise<boolean> =>
  existsSync(home.store) && !(await isAllStopped(home))

export const down: Command = {
  name: 'down',
  summary: 'stops Plimsoll on this machine, with the instances and gateways that it runs',
  examples: ['plimsoll down', 'plimsoll down --keep-serving'],
  options: {
    home: {
      type: 'string',
      value: 'FOLDER',
      description: 'of the Plimsoll to stop (PLIMSOLL_HOME; default ~/.plimsoll)',
    },
    'keep-serving': {
      type: 'boolean',
      description: 'instances and gateways go on: for an upgrade of Plimsoll',
    },
  },
  async run({ values }, io) {
    const home = homeFrom(text(values.home), io.env)
    const keep = values['keep-serving'] === true
    const told = await tell(home, keep)
    if (told && !(await untilGone(home)))
      throw new PlimsollError(
        'PLM_INTERNAL',
        `it has not stopped within ${stoppedWithinMs / 1000} s; its log is ${home.log}`,
      )
    const left = !keep && (await mayHaveLeft(home))
    if (left) await endAll(home, serverEntry, realClock)
    if (!told && !left) {
      io.stdout.write('Plimsoll does not run here.\n')
      return exit.yes
    }
    io.stdout.write(
      keep ? 'The server has stopped; instances and gateways go on serving.\n' : 'Everything has stopped.\n',
    )
    return exit.yes
  },
}
