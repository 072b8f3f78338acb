export { type Figures, figuresIn, windowMs } from './figures.ts'
export { type History, historyOf } from './history.ts'
export { type Burns, type Judgement, judgeHealth, type Known } from './plan/judge.ts'
