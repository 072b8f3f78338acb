import { type ByteWriter, createByteWriter } from '../../chunk/bytes.ts'
import { samplesOf } from '../../query/samples.ts'
import { type Labels, type Reading, staleMarker } from '../../series.ts'

/** Protobuf's wire types: a varint, eight bytes, something with its length. */
const [varint, fixed64, withLength] = [0, 1, 2]
const tag = (field: number, type: number): number => (field << 3) | type

function nested(writer: ByteWriter, field: number, bytes: Uint8Array): void {
  writer.byte(tag(field, withLength))
  writer.varint(bytes.length)
  writer.bytes(bytes)
}

const texts = new TextEncoder()

function label(name: string, value: string): Uint8Array {
  const writer = createByteWriter(64)
  nested(writer, 1, texts.encode(name))
  nested(writer, 2, texts.encode(value))
  return writer.done()
}

const isLittle = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

function sample({ at, value }: Reading): Uint8Array {
  const writer = createByteWriter(20)
  writer.byte(tag(1, fixed64))
  if (value === staleMarker) {
    writer.word(2)
    writer.word(0x7ff00000)
  } else {
    const { words } = samplesOf(new Float64Array(1), Float64Array.of(value))
    for (const i of isLittle ? [0, 1] : [1, 0]) writer.word(words[i] as number)
  }
  writer.byte(tag(2, varint))
  writer.varint(at)
  return writer.done()
}

/** Readings of one series, oldest first. */
export type Group = { readonly labels: Labels; readonly readings: readonly Reading[] }

/**
 * Prometheus' `prometheus.WriteRequest` (prompb/remote.proto): time series (1) of labels (1: name 1, value 2), in order of
 * their names, and samples (2: value 1, milliseconds 2).
 * @param groups with the name among the labels; times from 1970 on
 */
export function writeRequest(groups: readonly Group[]): Uint8Array<ArrayBuffer> {
  const request = createByteWriter(256 * groups.length)
  for (const { labels, readings } of groups) {
    const series = createByteWriter(256)
    const names = Object.keys(labels).sort()
    for (const name of names) nested(series, 1, label(name, labels[name] ?? ''))
    for (const reading of readings) nested(series, 2, sample(reading))
    nested(request, 1, series.done())
  }
  return request.done()
}
