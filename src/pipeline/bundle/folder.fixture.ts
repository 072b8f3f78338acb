import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A temporary folder that is gone when the test has finished. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-pipeline-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Files by name: text, `-> target` for a link, `#!…` for something executable. In the order given. */
export async function fillFolder(
  folder: string,
  files: Record<string, string | Uint8Array>,
): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    if (typeof content === 'string' && content.startsWith('-> ')) await symlink(content.slice(3), path)
    else {
      await writeFile(path, content)
      if (typeof content === 'string' && content.startsWith('#!')) await chmod(path, 0o755)
    }
  }
  return folder
}
