import type { Io, Screen } from '../command.ts'

/** A screen that keeps what is written, for tests. */
export type MemoryScreen = Screen & { readonly text: () => string }

export function memoryScreen(look: Partial<Pick<Screen, 'colour' | 'ascii' | 'isTTY'>> = {}): MemoryScreen {
  let kept = ''
  return {
    write: (text) => {
      kept += text
    },
    text: () => kept,
    isTTY: false,
    columns: 80,
    colour: false,
    ascii: false,
    ...look,
  }
}

export type MemoryIo = Io & { readonly stdout: MemoryScreen; readonly stderr: MemoryScreen }

export const memoryIo = (cwd: string): MemoryIo => ({
  stdout: memoryScreen(),
  stderr: memoryScreen(),
  env: {},
  cwd,
})
