import { realClock } from '../../host/clock.ts'
import { exit, PlimsollError } from '../../kernel/index.ts'
import { type Home, homeFrom } from '../../server/home.ts'
import { findResident } from '../../server/processes/pid-file.ts'
import type { Command } from '../command.ts'
import { text } from '../connect.ts'

/** Instances may take their whole grace to end. */
const stoppedWithinMs = 120_000

async function untilGone(home: Home): Promise<boolean> {
  const until = realClock.now() + stoppedWithinMs
  while (realClock.now() < until) {
    if (!(await findResident(home.supervisor)) && !(await findResident(home.server))) return true
    await realClock.until(realClock.now() + 100)
  }
  return false
}

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
    const supervisor = await findResident(home.supervisor)
    const server = await findResident(home.server)
    const keep = values['keep-serving'] === true
    if (supervisor) process.kill(supervisor.pid, keep ? 'SIGUSR2' : 'SIGTERM')
    else if (server) process.kill(server.pid, keep ? 'SIGTERM' : 'SIGINT')
    else {
      io.stdout.write('Plimsoll does not run here.\n')
      return exit.yes
    }
    if (!(await untilGone(home)))
      throw new PlimsollError(
        'PLM_INTERNAL',
        `it has not stopped within ${stoppedWithinMs / 1000} s; its log is ${home.log}`,
      )
    io.stdout.write(
      keep ? 'The server has stopped; instances and gateways go on serving.\n' : 'Everything has stopped.\n',
    )
    return exit.yes
  },
}
