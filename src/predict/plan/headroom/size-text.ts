import {
  bytesConfig,
  bytesText,
  cpusText,
  type Limits,
  type Problem,
  readBytes,
} from '../../../kernel/index.ts'

/** So much an instance is to have in all; what is not given stays as it is. */
export type SizeGiven = { readonly cpus?: number; readonly memoryBytes?: number }

/** A size that was read, in words that follow `each instance has`; or what is wrong with it. */
export type SizeRead = { readonly size: SizeGiven; readonly said: string } | Omit<Problem, 'at'>

const pattern = {
  cpus: /^cpus? (\d+(?:\.\d+)?)$/,
  memory: /^memory (\d+(?:\.\d+)?) ?([kmg])(i?)b$/,
  both: /^size (\d+(?:\.\d+)?) cpus?(?: and)? (\d+(?:\.\d+)?) ?([kmg])(i?)b$/,
} as const

const bytesOf = (number = '', unit = '', binary = ''): number =>
  readBytes(`${number}${unit.toUpperCase()}${binary}B`)

/** Undefined: it speaks of no size. */
function partOf(text: string): SizeGiven | undefined {
  const cpus = pattern.cpus.exec(text)
  if (cpus) return { cpus: Number(cpus[1]) }
  const memory = pattern.memory.exec(text)
  if (memory) return { memoryBytes: bytesOf(memory[1], memory[2], memory[3]) }
  const both = pattern.both.exec(text)
  return both ? { cpus: Number(both[1]), memoryBytes: bytesOf(both[2], both[3], both[4]) } : undefined
}

/** So much at least a container needs, and no machine has more. */
const canBe = ({ cpus, memoryBytes }: SizeGiven): boolean =>
  (cpus === undefined || (cpus > 0 && cpus <= 1_000)) &&
  (memoryBytes === undefined || (memoryBytes >= 6 * 2 ** 20 && memoryBytes <= 2 ** 45))

const saysTwice = (parts: readonly SizeGiven[]): boolean =>
  (['cpus', 'memoryBytes'] as const).some(
    (what) => parts.filter((part) => part[what] !== undefined).length > 1,
  )

const said = ({ cpus, memoryBytes }: SizeGiven): string =>
  [
    ...(cpus === undefined ? [] : [cpusText(cpus)]),
    ...(memoryBytes === undefined ? [] : [bytesText(memoryBytes)]),
  ].join(' and ')

/** As `readSize` reads it. */
export const sizeGivenText = ({ cpus, memoryBytes }: Limits): string =>
  [
    ...(cpus === null ? [] : [`cpus ${Number(cpus.toPrecision(6))}`]),
    ...(memoryBytes === null ? [] : [`memory ${bytesConfig(memoryBytes)}`]),
  ].join(', ')

/** A size as people write it: `cpus 2`, `memory 4GiB`, `cpus 2, memory 4GiB` or `size 2 cpus 4GiB`; undefined when it speaks of none. */
export function readSize(text: string): SizeRead | undefined {
  const parts = text
    .toLowerCase()
    .split(',')
    .map((one) => partOf(one.trim().replace(/\s+/g, ' ')))
  if (parts.every((part) => part === undefined)) return undefined
  const known = parts.flatMap((part) => part ?? [])
  const size: SizeGiven = Object.assign({}, ...known)
  if (known.length === parts.length && !saysTwice(known) && canBe(size)) return { size, said: said(size) }
  return {
    text: `'${text}' is no size of an instance, expected 'cpus 2', 'memory 4GiB' or 'size 2 cpus 4GiB'`,
  }
}
