import { execFile } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ServiceConfig } from '../../config/schema.ts'
import { PlimsollError } from '../../kernel/index.ts'
import { type ComparedSide, isAddress, isHere, type Service } from '../../load/index.ts'
import type { Io } from '../command.ts'
import { type ConfiguredLoad, configOf } from './load-configured.ts'
import type { Reader } from './load-reader.ts'

const run = promisify(execFile)

/** A side of a comparison, with what people call it and what it is exactly. */
export type NamedSide = { readonly name: string; readonly exactly: string; readonly side: ComparedSide }

const git = async (folder: string, ...args: string[]): Promise<string> =>
  (await run('git', ['-C', folder, ...args], { maxBuffer: 64 << 20 })).stdout.trim()

type Start = NonNullable<ServiceConfig['start']>

const usualStart: Omit<Start, 'command'> = { port: 'PORT', health: '/', readyWithin: 15_000, grace: 10_000 }

/** How a folder's service is started: as the command line says, as its configuration says, or not at all. */
async function serviceOf(
  name: string,
  folder: string,
  reader: Reader,
  configured: ConfiguredLoad,
): Promise<Service> {
  const start: Omit<Start, 'command'> & Partial<Start> = (await configOf(folder))?.start ?? usualStart
  const command = reader.text('start') ?? start.command
  const prepare = reader.text('prepare') ?? configured.prepare
  if (!command)
    throw new PlimsollError('PLM_USAGE', [
      {
        at: '--start',
        text: `nothing says how ${name} is started: --start COMMAND, or start in plimsoll.config.ts`,
      },
    ])
  if (start.port === false)
    throw new PlimsollError('PLM_USAGE', `${name} takes no requests: start.port is false`)
  return {
    name,
    folder,
    command,
    ...(prepare === undefined ? {} : { prepare }),
    ...(configured.env ? { env: configured.env } : {}),
    portVariable: start.port,
    health: reader.text('health') ?? start.health,
    readyWithinMs: start.readyWithin,
    graceMs: start.grace,
  }
}

/** Packages that were installed for the working tree serve an older commit with the same lock file, too. */
function borrowPackages(from: string, to: string): void {
  const lock = (folder: string) => join(folder, 'package-lock.json')
  if (!existsSync(lock(from)) || !existsSync(lock(to)) || !existsSync(join(from, 'node_modules'))) return
  if (readFileSync(lock(from), 'utf8') === readFileSync(lock(to), 'utf8'))
    symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'))
}

/** The files of a commit, of the part of the repository that the command was called in. */
async function checkOut(ref: string, io: Io, temporary: string): Promise<{ folder: string; commit: string }> {
  const commit = await git(
    io.cwd,
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  ).catch(() => '')
  if (commit === '')
    throw new PlimsollError('PLM_USAGE', [
      { at: ref, text: `${ref} is neither an address, nor a folder, nor a commit of this repository` },
    ])
  const folder = join(temporary, commit)
  await mkdir(folder)
  const prefix = await git(io.cwd, 'rev-parse', '--show-prefix')
  const archive = join(temporary, `${commit}.tar`)
  await git(
    io.cwd,
    'archive',
    '--format=tar',
    `--output=${archive}`,
    prefix === '' ? commit : `${commit}:${prefix}`,
  )
  await run('tar', ['-xf', archive, '-C', folder])
  borrowPackages(io.cwd, folder)
  return { folder, commit }
}

async function build(name: string, folder: string, reader: Reader): Promise<void> {
  const command = reader.text('build')
  if (command === undefined) return
  await run('/bin/sh', ['-euc', command], { cwd: folder, maxBuffer: 64 << 20 }).catch(
    (error: { stderr?: string }) => {
      const said = (error.stderr ?? '').trim().split('\n').slice(-8)
      throw new PlimsollError('PLM_LOAD_TARGET', [
        { at: name, text: `${name}: ${command} failed` },
        ...said.filter(Boolean).map((text) => ({ at: name, text })),
      ])
    },
  )
}

function addressSide(url: string, reader: Reader): NamedSide {
  const allowed = reader.text('production') !== undefined
  if (!isHere(url) && !allowed)
    throw new PlimsollError('PLM_USAGE', [
      {
        at: url,
        text: `${url} is not on this machine: say --production N to send it at most N requests a second`,
      },
    ])
  return { name: new URL(url).host, exactly: url, side: { is: 'address', url } }
}

/** A folder, a commit, or an address. */
async function readSide(
  what: string,
  io: Io,
  reader: Reader,
  configured: ConfiguredLoad,
  temporary: string,
): Promise<NamedSide> {
  if (isAddress(what)) return addressSide(what, reader)
  const asFolder = resolve(io.cwd, what)
  const isFolder = what === '.' || what.includes('/') ? existsSync(asFolder) : false
  const { folder, commit } = isFolder
    ? { folder: asFolder, commit: 'working tree' }
    : await checkOut(what, io, temporary)
  const name = what === '.' ? 'your working tree' : what
  if (commit !== 'working tree') await build(name, folder, reader)
  const exactly = isFolder ? `files in ${what}` : commit
  return {
    name,
    exactly,
    side: { is: 'service', service: await serviceOf(name, folder, reader, configured) },
  }
}

/** Both sides ready to be started; `clean` takes away what was checked out. */
export async function readSides(
  io: Io,
  reader: Reader,
  configured: ConfiguredLoad,
): Promise<{ readonly base: NamedSide; readonly change: NamedSide; clean(): Promise<void> }> {
  const base = reader.text('base')
  if (base === undefined)
    throw new PlimsollError('PLM_USAGE', [
      { at: '--base', text: '--base is missing: a commit such as main, a folder, or an address' },
    ])
  const temporary = await mkdtemp(join(tmpdir(), 'plimsoll-sides-'))
  const clean = () => rm(temporary, { recursive: true, force: true })
  try {
    return {
      base: await readSide(base, io, reader, configured, temporary),
      change: await readSide(reader.text('change') ?? '.', io, reader, configured, temporary),
      clean,
    }
  } catch (error) {
    await clean()
    throw error
  }
}
