import { zoneOf } from '../config/zones.ts'
import { readService } from './records.ts'
import type { World } from './world.ts'

/** Whose clocks the team of a service reads. */
export const zoneIn = async ({ journal }: Pick<World, 'journal'>, service: string): Promise<string> =>
  zoneOf((await readService(journal, service))?.guard?.config)
