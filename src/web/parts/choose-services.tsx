import type { Choice } from '../../contract/overview/standings.ts'

/** Which of many services are shown. */
export const ChooseServices = ({
  choice,
  onChoice,
}: {
  readonly choice: Choice
  readonly onChoice: (choice: Choice) => void
}) => (
  <p className="filters">
    <label>
      Name{' '}
      <input
        type="search"
        value={choice.name}
        onChange={(event) => onChoice({ ...choice, name: event.target.value })}
      />
    </label>
    <label>
      <input
        type="checkbox"
        checked={choice.isTrouble}
        onChange={(event) => onChoice({ ...choice, isTrouble: event.target.checked })}
      />{' '}
      only what is not well
    </label>
  </p>
)
