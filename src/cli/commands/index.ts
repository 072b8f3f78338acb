import type { Command } from '../command.ts'
import { cancel } from './cancel.ts'
import { check } from './check.ts'
import { config } from './config.ts'
import { goOn } from './continue.ts'
import { deploy, promote, rollback } from './deploying.ts'
import { down } from './down.ts'
import { drift } from './drift.ts'
import { health } from './health.ts'
import { init } from './init.ts'
import { load } from './load.ts'
import { loadCompare } from './load-compare.ts'
import { loadHistory, loadImport } from './load-history.ts'
import { loadLine } from './load-line.ts'
import { loadTest } from './load-test.ts'
import { lock, unlock } from './locks.ts'
import { logs } from './logs.ts'
import { releases } from './releases.ts'
import { run } from './run.ts'
import { runs } from './runs.ts'
import { signOff } from './sign-off.ts'
import { status } from './status.ts'
import { tokenAdd, tokenList, tokenRemove } from './tokens.ts'
import { tryClose, tryExtend, tryLeave, tryList, tryShow } from './tries.ts'
import { tryOut } from './try.ts'
import { up } from './up.ts'
import { unwaive, waive } from './waivers.ts'
import { webhooks } from './webhooks.ts'

/** Every command, in the order in which a team meets them. */
export const commands: readonly Command[] = [
  init,
  check,
  config,
  run,
  load,
  loadLine,
  loadCompare,
  loadHistory,
  loadImport,
  loadTest,
  up,
  down,
  status,
  health,
  drift,
  runs,
  logs,
  cancel,
  tryOut,
  tryList,
  tryShow,
  tryExtend,
  tryClose,
  tryLeave,
  releases,
  deploy,
  promote,
  rollback,
  goOn,
  signOff,
  lock,
  unlock,
  waive,
  unwaive,
  webhooks,
  tokenAdd,
  tokenList,
  tokenRemove,
]
