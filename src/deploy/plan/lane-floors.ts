import { type Decision, move, wait } from '../../kernel/index.ts'
import { type Floor, type LaneState, tell } from './lane-state.ts'

/** The data are about to be changed: from now on an older release must not come here. The same commit asks it once. */
export function takeFloor(state: LaneState, floor: Floor): Decision<LaneState> {
  const { floors = [] } = state
  if (floors.some(({ commit }) => commit === floor.commit)) return wait('this is asked of releases already')
  const { commit, release, deployment } = floor
  return move(
    { ...state, floors: [...floors, floor] },
    { events: [tell(state, 'environment.migrates', { commit, release, deployment })] },
  )
}
