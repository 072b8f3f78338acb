import { mkdir, open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a folder for this user alone, and what is missing above it, so that all of it survives a power cut. */
export async function makeFolder(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made === undefined) return
  // A new name stands in the folder above it: sync from there up to above the first that was made.
  const top = dirname(resolve(made))
  for (let above = dirname(resolve(folder)); ; above = dirname(above)) {
    await syncFolder(above)
    if (above === top) return
  }
}
