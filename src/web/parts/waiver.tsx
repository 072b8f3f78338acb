import type { WaiverView } from '../../contract/index.ts'
import { Act } from './act.tsx'
import { Status } from './status.tsx'
import { Moment } from './time.tsx'

/** Who lets a gate through until when, and why; while it lasts it can be ended. */
export const Waiver = ({
  service,
  environment,
  waiver: { gate, owner, reason, until, action },
  said,
}: {
  readonly service: string
  readonly environment: string
  readonly waiver: WaiverView
  readonly said: string
}) => (
  <>
    <Status of="waived">{said}</Status> by {owner} until <Moment at={until} />: {reason}
    {action ? (
      <div>
        <Act service={service} environment={environment} action={action} wish={{ kind: 'unwaive', gate }} />
      </div>
    ) : null}
  </>
)
