import { access, constants, mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { PlimsollError } from '../kernel/index.ts'

/** Everything that one Plimsoll keeps, in one folder. */
export type Home = {
  readonly folder: string
  readonly store: string
  /** What was collected of what runs, over time. */
  readonly series: string
  readonly jobs: string
  readonly repositories: string
  readonly gateways: string
  readonly releases: string
  /** Working folders of jobs. */
  readonly work: string
  readonly data: string
  /** Scenarios of journeys, by service and commit. */
  readonly journeys: string
  /** What spikes have beside instances. */
  readonly spikes: string
  /** NAME=value lines, mode 0600. */
  readonly secrets: string
  /** The first token, mode 0600, for the command line of the same user. */
  readonly token: string
  /** Who runs here: pid, port, start time. */
  readonly server: string
  readonly supervisor: string
  /** There when everything was stopped and no server has begun since: nothing runs that was started from here. */
  readonly stopped: string
  readonly log: string
}

export function homeAt(folder: string): Home {
  const at = (...names: string[]) => join(folder, ...names)
  return {
    folder,
    store: at('store'),
    series: at('series'),
    jobs: at('jobs'),
    repositories: at('repositories'),
    gateways: at('gateways'),
    releases: at('releases'),
    work: at('work'),
    data: at('data'),
    journeys: at('journeys'),
    spikes: at('spikes'),
    secrets: at('secrets.env'),
    token: at('token'),
    server: at('server.json'),
    supervisor: at('supervisor.json'),
    stopped: at('stopped.json'),
    log: at('server.log'),
  }
}

/** `--home`, PLIMSOLL_HOME, or `.plimsoll` in the user's home. */
export const homeFrom = (option: string | undefined, env: NodeJS.ProcessEnv): Home =>
  homeAt(resolve(option ?? env.PLIMSOLL_HOME ?? join(homedir(), '.plimsoll')))

/**
 * Makes the folders; only this user may look into them.
 * @throws PLM_HOME_UNUSABLE
 */
export async function makeHome(home: Home): Promise<void> {
  try {
    await makeFolders(home)
    // What is there already is found on a disk that can only be read, too.
    await access(home.folder, constants.W_OK)
  } catch (error) {
    const text = `${home.folder}: ${error instanceof Error ? error.message : error}`
    throw new PlimsollError('PLM_HOME_UNUSABLE', text, { cause: error })
  }
}

async function makeFolders(home: Home): Promise<void> {
  await mkdir(home.folder, { recursive: true, mode: 0o700 })
  const folders = [
    home.store,
    home.series,
    home.jobs,
    home.repositories,
    home.gateways,
    home.releases,
    home.work,
    home.data,
    home.journeys,
    home.spikes,
  ]
  await Promise.all(folders.map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })))
}

export async function readToken(home: Home): Promise<string | undefined> {
  try {
    return (await readFile(home.token, 'utf8')).trim()
  } catch {
    return undefined
  }
}
