import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** What is drawn in, without what stands around it. */
export type Area = {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Width of a place in sixteenths of a rem; 0 until it is known, which is before anything is seen. */
function useWidth(): readonly [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const here = box.current
    if (!here) return
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      setWidth(Math.round((here.clientWidth * 16) / rem))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(here)
    return () => observer.disconnect()
  }, [])
  return [box, width]
}

/**
 * Draws for the width that there is. Its unit is the sixteenth of a rem: a plot grows with the letters of its reader, and
 * has fewer labels rather than smaller ones where it is narrow.
 */
export function Measured({ children }: { children: (width: number) => ReactNode }) {
  const [box, width] = useWidth()
  return (
    <div ref={box} className="measured">
      {width > 0 ? children(width) : null}
    </div>
  )
}

/**
 * To a reader who does not see it, a plot is one picture named by its finding; its figures are in the table behind it.
 * @param over what acts, above the picture
 */
export const Drawing = ({
  width,
  height,
  labelledBy,
  over,
  children,
}: {
  width: number
  height: number
  labelledBy: string
  over?: ReactNode
  children: ReactNode
}) => (
  <div className="drawing">
    {/* biome-ignore lint/a11y/noSvgWithoutTitle: the caption of its figure names it */}
    <svg role="img" aria-labelledby={labelledBy} viewBox={`0 0 ${width} ${height}`}>
      {children}
    </svg>
    {over}
  </div>
)
