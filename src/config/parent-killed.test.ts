import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'

const evaluate = new URL('./evaluate.ts', import.meta.url).href

type Seen = { readonly pid: number; readonly cpuTicks: number }

/** Processes whose command line names this file. */
const naming = (file: string): Seen[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(file)) return []
        // Its name may contain anything, a closing bracket too.
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')
        return [{ pid: Number(name), cpuTicks: Number(fields[11]) + Number(fields[12]) }]
      } catch {
        return [] // it has ended meanwhile
      }
    })

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await pause(50))
    if (Date.now() > end) throw new Error(`${what}: not within 60 s`)
}

/** So many hundredths of a second no start takes: it is in the configuration's endless loop. */
const loopTicks = 100

test.runIf(existsSync('/proc/self/stat'))(
  'a configuration that is evaluated ends with a server that is killed',
  { timeout: 150_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-parent-'))
    const file = `endless-${process.pid}.config.ts`
    await writeFile(join(folder, file), 'for (;;);\n')
    const code = `import { evaluateConfig } from ${JSON.stringify(evaluate)}
      await evaluateConfig(${JSON.stringify({ folder, file, timeoutMs: 600_000 })})`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' })
    const ended = once(parent, 'exit')
    try {
      await until('the endless loop', () => naming(file).some(({ cpuTicks }) => cpuTicks > loopTicks))
      parent.kill('SIGKILL')
      await until('the end of what it evaluated', () => naming(file).length === 0)
    } finally {
      parent.kill('SIGKILL')
      for (const { pid } of naming(file)) process.kill(pid, 'SIGKILL')
      await rm(folder, { recursive: true })
    }
    expect(await ended).toEqual([null, 'SIGKILL'])
  },
)
