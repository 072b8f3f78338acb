/** The head of a table: what stands in each column. Buttons say themselves what they do: the head of their column is not seen. */
export const TableHead = ({
  heads,
  unseen,
}: {
  readonly heads: readonly string[]
  readonly unseen?: string
}) => (
  <thead>
    <tr>
      {heads.map((head) => (
        <th key={head} scope="col">
          {head}
        </th>
      ))}
      {unseen === undefined ? null : (
        <th scope="col">
          <span className="unseen">{unseen}</span>
        </th>
      )}
    </tr>
  </thead>
)
