import { type ReactNode, useId } from 'react'

/** A plot with what it shows in words, and behind it its figures. */
export function Figure({
  title,
  finding,
  legend,
  data,
  children,
}: {
  title: string
  finding: string
  legend: ReactNode
  data: ReactNode
  /** Draws; takes the id of what names the picture. */
  children: (labelledBy: string) => ReactNode
}) {
  const id = useId()
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <figure>
        <figcaption id={`${id}-finding`}>{finding}</figcaption>
        {legend}
        {children(`${id}-finding`)}
        {data}
      </figure>
    </section>
  )
}

/** What a mark or a line stands for. */
export const Legend = ({ of }: { of: readonly { readonly mark: ReactNode; readonly text: ReactNode }[] }) => (
  <ul className="legend">
    {of.map(({ mark, text }, i) => (
      // It never changes its order.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <li key={i}>
        {mark}
        <span>{text}</span>
      </li>
    ))}
  </ul>
)
