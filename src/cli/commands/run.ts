import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { snapshotWorkingTree } from '../../changes/index.ts'
import { readConfig } from '../../config/read.ts'
import { openSecrets } from '../../config/secrets.ts'
import { allCommands, dockerEngine, socketFrom } from '../../engine/index.ts'
import { gateNames } from '../../flow/gates.ts'
import { runLocally } from '../../flow/local-run.ts'
import { realClock } from '../../host/index.ts'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
import {
  type Evaluate,
  planRun,
  type RunState,
  renderPlan,
  runReasons,
  runStanding,
  runText,
} from '../../pipeline/index.ts'
import { homeFrom } from '../../server/home.ts'
import { memoryStore, putJson } from '../../store/index.ts'
import type { Command, Io } from '../command.ts'
import { text } from '../connect.ts'
import { mark } from '../marks.ts'
import { createRunScreen } from '../run-screen.ts'

const standingExit: Readonly<Record<ReturnType<typeof runStanding>, ExitCode>> = {
  passed: exit.yes,
  failed: exit.no,
  skipped: exit.no,
  cancelled: exit.interrupted,
  inconclusive: exit.unknown,
  waiting: exit.unknown,
  running: exit.unknown,
}

function renderEnd(state: RunState, io: Io): string {
  const reasons = runReasons(state)
    .map((reason) => `  ${reason.text}\n`)
    .join('')
  const release = state.release
    ? `  release ${state.release.digest.slice('sha256:'.length, 'sha256:'.length + 12)}, ${Math.ceil(state.release.sizeBytes / 1024)} KiB\n`
    : ''
  return `${mark(runStanding(state), io.stdout)}  ${runText(state)}\n${reasons}${release}`
}

const documentOf = (state: RunState) => ({
  schemaVersion: 1,
  service: state.service,
  change: state.change.id,
  standing: runStanding(state),
  text: runText(state),
  reasons: runReasons(state),
  jobs: Object.fromEntries(
    Object.entries(state.jobs).map(([name, { standing, because, tests }]) => [
      name,
      { standing, because, tests },
    ]),
  ),
  release: state.release,
})

export const run: Command = {
  name: 'run',
  summary: 'runs the pipeline of this working tree on this machine, as the server would',
  examples: ['plimsoll run', 'plimsoll run --dry-run'],
  positionals: '[FOLDER]',
  options: {
    'dry-run': { type: 'boolean', description: 'print the plan and run nothing' },
    json: { type: 'boolean', description: 'one JSON document instead of text' },
    home: {
      type: 'string',
      value: 'FOLDER',
      description: 'where the secrets file is (PLIMSOLL_HOME; default ~/.plimsoll)',
    },
  },
  async run({ values, positionals }, io) {
    const folder = resolve(io.cwd, positionals[0] ?? '.')
    const change = await snapshotWorkingTree(folder, realClock.now())
    const { config } = await readConfig({ folder, gates: gateNames })
    const planned = planRun(config)
    if ('problems' in planned) throw new PlimsollError('PLM_CONFIG_INVALID', planned.problems)
    if (values['dry-run']) {
      io.stdout.write(
        values.json
          ? `${JSON.stringify({ schemaVersion: 1, plan: planned.plan })}\n`
          : renderPlan(planned.plan, change),
      )
      return exit.yes
    }
    const temporary = await mkdtemp(join(tmpdir(), 'plimsoll-run-'))
    const store = memoryStore()
    const engine = dockerEngine(() => socketFrom(io.env))
    const commands = allCommands({
      engine,
      folder: join(temporary, 'jobs'),
      clock: realClock,
      cookie: `local-${process.pid}`,
    })
    const screen = createRunScreen(commands, io)
    const secrets = openSecrets({ file: homeFrom(text(values.home), io.env).secrets, env: io.env })
    const evaluate: Evaluate = async () => ({
      pipeline: config.pipeline,
      release: config.release,
      containers: config.containers,
      digest: await putJson(store.blobs, config),
    })
    try {
      const state = await runLocally({
        change,
        service: config.service,
        actor: userInfo().username,
        folder: join(temporary, 'work'),
        store,
        commands,
        engine,
        clock: realClock,
        secrets: async (names) => Object.fromEntries(await secrets.resolve(names)),
        evaluate,
        onState: screen.show,
        ...(io.signal ? { signal: io.signal } : {}),
      })
      await screen.end()
      io.stdout.write(values.json ? `${JSON.stringify(documentOf(state))}\n` : renderEnd(state, io))
      return standingExit[runStanding(state)]
    } finally {
      await commands.close()
      await rm(temporary, { recursive: true, force: true })
    }
  },
}
