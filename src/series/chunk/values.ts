import { type Samples, samplesOf } from '../query/samples.ts'
import { type ByteReader, type ByteWriter, createByteWriter, Damaged } from './bytes.ts'
import { placesOf, readDecimals, writeDecimals } from './decimal.ts'
import { readXor, writeXor } from './xor.ts'

/** How values are written; the number stands in stored rows. */
export const codecs = { xor: 1, delta: 2, deltaOfDelta: 3 } as const
export type Codec = (typeof codecs)[keyof typeof codecs]

type Written = { readonly codec: Codec; readonly bytes: Uint8Array<ArrayBuffer> }

/** The values in every way that can hold them. */
export function writeValues({ values, words }: Pick<Samples, 'values' | 'words'>): readonly Written[] {
  const write = (codec: Codec, to: (writer: ByteWriter) => void): Written => {
    const writer = createByteWriter(values.length * 2 + 64)
    to(writer)
    return { codec, bytes: writer.done() }
  }
  const xor = write(codecs.xor, (writer) => writeXor(writer, words))
  const places = placesOf(values)
  if (places === undefined) return [xor]
  return [
    write(codecs.delta, (writer) => writeDecimals(writer, values, words, places, 1)),
    write(codecs.deltaOfDelta, (writer) => writeDecimals(writer, values, words, places, 2)),
    xor,
  ]
}

/** @throws Damaged */
export function readValues(
  reader: ByteReader,
  codec: number,
  count: number,
): Pick<Samples, 'values' | 'words'> {
  const { values, words } = samplesOf(new Float64Array(0), new Float64Array(count))
  if (codec === codecs.xor) readXor(reader, words)
  else if (codec === codecs.delta) readDecimals(reader, values, words, 1)
  else if (codec === codecs.deltaOfDelta) readDecimals(reader, values, words, 2)
  else throw new Damaged(`has the unknown codec ${codec}`)
  return { values, words }
}
