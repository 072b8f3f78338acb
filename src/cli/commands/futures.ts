import { futuresView } from '../../contract/index.ts'
import type { Command } from '../command.ts'
import { serverOptions } from '../connect.ts'
import { exitOfFutures as exitOf, renderFutures as render } from '../futures-screen.ts'
import { showView } from '../show-view.ts'

export const futures: Command = {
  name: 'futures',
  summary: 'what is seen coming: load lines, budgets, disks, memory, files, certificates, pipelines',
  examples: ['plimsoll futures', 'plimsoll futures payments --json'],
  positionals: '[SERVICE]',
  options: serverOptions,
  run: (input, io) => showView({ path: '/api/futures', view: futuresView, render, exitOf }, input, io),
}
