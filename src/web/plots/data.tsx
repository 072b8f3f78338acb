import { TableHead } from '../parts/table-head.tsx'
import { csvOf, type Table } from './table.ts'

const Rows = ({ table, title }: { table: Table; title: string }) => (
  <table>
    <caption className="unseen">{title}</caption>
    <TableHead heads={table.heads} />
    <tbody>
      {table.rows.map(([first = '', ...cells], row) => (
        // Rows are only ever added: their place is their name.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <tr key={row}>
          <th scope="row">{first}</th>
          {cells.map((cell, i) => (
            <td key={table.heads[i + 1]}>{cell}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

/** The figures of a plot: to be read here, and to be taken along. */
export const Data = ({
  title,
  table,
  csv,
  file,
}: {
  title: string
  table: Table
  /** The same for machines: figures as they are. */
  csv: Table
  /** Name of the file, without its ending. */
  file: string
}) => (
  <details className="data">
    <summary>
      Show data<span className="unseen"> of {title}</span>
    </summary>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
    <section className="scroll" tabIndex={0} aria-label={`Data: ${title}`}>
      <Rows table={table} title={title} />
    </section>
    <a href={`data:text/csv;charset=utf-8,${encodeURIComponent(csvOf(csv))}`} download={`${file}.csv`}>
      Download CSV<span className="unseen"> of {title}</span>
    </a>
  </details>
)
