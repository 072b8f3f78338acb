/** The number that follows `--NAME`, or the usual one. */
export function numberOption(args: readonly string[], name: string, usual: number): number {
  const at = args.indexOf(`--${name}`)
  return at < 0 ? usual : Number(args[at + 1])
}

/** The text that follows `--NAME`. */
export function textOption(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`)
  return at < 0 ? undefined : args[at + 1]
}
