import { type PointerEvent, type ReactNode, useState } from 'react'
import type { Area } from './drawing.tsx'
import type { OrderScale } from './scale.ts'

/** Which of the things of a plot is read: the last one, until a reader has chosen another. */
export type Cursor = { readonly count: number; readonly at: number; readonly choose: (index: number) => void }

/** @param first what is read until then */
export function useCursor(count: number, first = count): Cursor {
  const [chosen, choose] = useState<number>()
  return { count, at: Math.min(chosen ?? first, count - 1), choose }
}

const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`

/**
 * A slider over the whole area of a plot: its arrow keys, Home and End, its names for screen readers and its dragging are
 * the browser's. Its thumb is as wide as a step, so that where it is pressed is where the nearest thing is.
 */
export function CursorInput({
  id,
  name,
  text,
  cursor: { count, at, choose },
  x,
  area,
  width,
  height,
}: {
  id: string
  /** What is walked through: "Round". */
  name: string
  /** What is read out at a place. */
  text: string
  cursor: Cursor
  x: OrderScale
  area: Area
  width: number
  height: number
}) {
  const hover = (event: PointerEvent<HTMLInputElement>) => {
    if (event.pointerType !== 'mouse') return
    const share = event.nativeEvent.offsetX / event.currentTarget.clientWidth
    choose(Math.max(0, Math.min(count - 1, Math.floor(share * count))))
  }
  return (
    <input
      id={id}
      type="range"
      className="cursor"
      min={0}
      max={count - 1}
      step={1}
      value={at}
      aria-label={name}
      aria-valuetext={text}
      onChange={(event) => choose(Number(event.target.value))}
      onFocus={() => choose(at)}
      onPointerMove={hover}
      style={{
        left: percent(x.from, width),
        width: percent(x.step * count, width),
        top: percent(area.top, height),
        height: percent(area.bottom - area.top, height),
        ['--step' as string]: `${x.step / 16}rem`,
      }}
    />
  )
}

/** Where the cursor is, and rings about what is read there. */
export const CursorLine = ({ x, ys, area }: { x: number; ys: readonly number[]; area: Area }) => (
  <g className="cursor-line">
    <line x1={x} x2={x} y1={area.top} y2={area.bottom} />
    {ys.map((y, i) => (
      // Rings of one place may lie on each other.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <circle key={i} cx={x} cy={y} r="8" />
    ))}
  </g>
)

/** What stands at the cursor, for the eye: the slider says the same to a screen reader, and once is enough. */
export const Readout = ({ of, children }: { of: string; children: ReactNode }) => (
  <output htmlFor={of} aria-live="off" className="readout figure">
    {children}
  </output>
)
