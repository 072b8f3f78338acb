import type { Area } from './drawing.tsx'
import type { Scale } from './scale.ts'

export type Format = (value: number) => string

/** Its line, and what is marked below it. */
export const AxisX = ({
  area,
  marks,
}: {
  area: Area
  marks: readonly { readonly x: number; readonly text: string }[]
}) => (
  <g className="axis">
    <line x1={area.left} x2={area.right} y1={area.bottom} y2={area.bottom} />
    {marks.map(({ x, text }) => (
      <g key={x}>
        <line x1={x} x2={x} y1={area.bottom} y2={area.bottom + 5} />
        <text x={x} y={area.bottom + 20} textAnchor="middle">
          {text}
        </text>
      </g>
    ))}
  </g>
)

/** Lines across at its ticks, named at the left; what it counts stands above. */
export const AxisY = ({
  area,
  scale,
  format,
  title,
}: {
  area: Area
  scale: Scale
  format: Format
  title: string
}) => (
  <g className="axis">
    <text x={0} y={12}>
      {title}
    </text>
    {scale.ticks.map((value) => (
      <g key={value}>
        <line className="grid" x1={area.left} x2={area.right} y1={scale.at(value)} y2={scale.at(value)} />
        <text x={area.left - 8} y={scale.at(value)} dy="0.35em" textAnchor="end">
          {format(value)}
        </text>
      </g>
    ))}
  </g>
)
