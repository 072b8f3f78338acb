import { join } from 'node:path'
import type { Key } from '../kernel/index.ts'

/** The files of one job. */
export type JobFolder = {
  readonly folder: string
  /** What was asked for, without the environment. */
  readonly spec: string
  /** Launcher: pid, start time, boot id. Its being there is the claim. */
  readonly claim: string
  /** Leader of the command's group: pid, start time. */
  readonly child: string
  /** `exited CODE` or `couldNotStart WHY`. */
  readonly exit: string
  /** Why it is being stopped, and when by force. */
  readonly stop: string
  /** Raw output: private, and gone once it was masked. */
  readonly spool: string
  /** Masked output, kept. */
  readonly log: string
  /** The part of the log before the current one, when it rotates. */
  readonly oldLog: string
  /** How much of the spool is in the log. */
  readonly tail: string
}

/** Keys become folder names that cannot lead anywhere else. */
export const folderName = (key: Key): string => encodeURIComponent(key).replaceAll('.', '%2E')
export const keyOf = (name: string): Key => decodeURIComponent(name)

export function jobFolder(root: string, key: Key): JobFolder {
  const folder = join(root, folderName(key))
  const at = (name: string) => join(folder, name)
  return {
    folder,
    spec: at('spec.json'),
    claim: at('claim'),
    child: at('child'),
    exit: at('exit'),
    stop: at('stop.json'),
    spool: at('spool'),
    log: at('log'),
    oldLog: at('log.1'),
    tail: at('tail.json'),
  }
}
