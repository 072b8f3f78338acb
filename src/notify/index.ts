export type { NotifierConfig, NotifierKind } from './config.ts'
export {
  type DeploymentType,
  deploymentSentence,
  isWanted,
  type MessageBody,
  type MessageType,
  messageTypeOf,
} from './plan/message.ts'
export { notifier } from './plan/notifier.ts'
export * from './plan/state.ts'
export { createPosts } from './post.ts'
