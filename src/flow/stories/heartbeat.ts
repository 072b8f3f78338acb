import { zoneOf } from '../../config/zones.ts'
import {
  type HeartbeatCommand,
  type HeartbeatSeen,
  type HeartbeatState,
  heartbeat,
  scheduleOf,
} from '../../watch/index.ts'
import { heartbeatsIn } from '../heartbeats.ts'
import { absencesIn } from '../presence.ts'
import { readService } from '../records.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

async function see(world: World, state: HeartbeatState): Promise<HeartbeatSeen> {
  const config = (await readService(world.journal, state.service))?.guard?.config
  const own = heartbeatsIn(config).find(
    ({ environment, heartbeat: { name } }) => environment === state.environment && name === state.name,
  )?.heartbeat
  return {
    settings: own && {
      ...{ schedule: scheduleOf(own), graceMs: own.grace, longestMs: own.longest },
      timeZone: zoneOf(config),
    },
    absences: await absencesIn(world.journal),
  }
}

/** A scheduled job of a service in an environment, as far as it tells. */
export const heartbeatStory = (world: World): Story<HeartbeatState, HeartbeatSeen, HeartbeatCommand> => ({
  machine: heartbeat,
  see: (state) => see(world, state),
})
