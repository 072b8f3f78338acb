import { z } from 'zod'

const mebibyte = 2 ** 20
const gibibyte = 2 ** 30
const units: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: mebibyte,
  GiB: gibibyte,
}
const aSize = 'expected a size such as 256MB, 1.5GB or 512MiB, at least 6MiB'
/** A container engine gives a container no less. */
const leastBytes = 6 * mebibyte

/** `512MiB` in bytes; NaN when it cannot be read. */
export function readBytes(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([KMG]i?B)$/.exec(text) ?? []
  return Math.round(Number(number) * (units[unit] ?? Number.NaN))
}

/** Memory as people write it, or a number of bytes; in bytes afterwards. */
export const memorySchema = z
  .union([z.number(), z.string()], { error: aSize })
  .transform((value) => (typeof value === 'number' ? value : readBytes(value)))
  .refine((bytes) => bytes >= leastBytes, aSize)

const figure = (value: number): string => String(Number(value.toPrecision(3)))

/** `2 GiB`, `512 MiB`: for people. */
export const bytesText = (bytes: number): string =>
  bytes >= gibibyte ? `${figure(bytes / gibibyte)} GiB` : `${figure(bytes / mebibyte)} MiB`

/** `2GiB`, `512MiB`: as a configuration takes it. */
export const bytesConfig = (bytes: number): string =>
  bytes % gibibyte === 0 ? `${bytes / gibibyte}GiB` : `${Math.round(bytes / mebibyte)}MiB`
