import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Engine, EngineRefusal, type ImageSeen } from '../../engine/index.ts'
import { type Digest, PlimsollError } from '../../kernel/index.ts'
import { type FileEntry, listFiles, packFiles } from '../bundle/index.ts'
import type { ImagePlan } from '../plan/plan.ts'
import { readDockerIgnore } from './ignore.ts'

/** An image that is wanted, and where its files are. */
export type WantedImage = {
  readonly from: ImagePlan
  /** Root of the build's context. */
  readonly folder: string
  readonly service: string
}

/** Lines of a failed build that are told. */
const toldLines = 12

async function contextOf(folder: string, dockerfile: string): Promise<readonly FileEntry[]> {
  const text = await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => '')
  const isLeftOut = readDockerIgnore(text)
  const entries = await listFiles(folder)
  // The engine itself needs these two, whatever the file says.
  const needed = new Set([dockerfile, '.dockerignore'])
  return entries.filter(({ name }) => needed.has(name) || !isLeftOut(name))
}

const lastLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-toldLines)
    .join('\n')

/**
 * Builds an image.
 * @throws PLM_DOCKERFILE_MISSING; PLM_BUILD_FAILED with the last lines of what it printed
 */
async function buildImage(
  { dockerfile, stage }: Extract<ImagePlan, { dockerfile: string }>,
  { folder, service }: Omit<WantedImage, 'from'>,
  engine: Engine,
  signal: AbortSignal,
): Promise<Digest> {
  const entries = await contextOf(folder, dockerfile)
  if (!entries.some(({ name }) => name === dockerfile))
    throw new PlimsollError('PLM_DOCKERFILE_MISSING', `there is no ${dockerfile} in the tree`)
  let told = ''
  try {
    return await engine.build({
      dockerfile,
      ...(stage === undefined ? {} : { stage }),
      labels: { 'plimsoll.service': service },
      context: packFiles(folder, entries),
      onText: (text) => {
        told = (told + text).slice(-16_384)
      },
      signal,
    })
  } catch (error) {
    if (!(error instanceof EngineRefusal) || signal.aborted) throw error
    const problems = [
      { text: `${dockerfile} could not be built: ${error.message}` },
      ...(told.trim() === '' ? [] : [{ text: `its last words:\n${lastLines(told)}` }]),
    ]
    throw new PlimsollError('PLM_BUILD_FAILED', problems, { cause: error })
  }
}

/** @throws PLM_IMAGE_MISSING with what the engine says */
async function findImage(name: string, engine: Engine, signal: AbortSignal): Promise<ImageSeen> {
  const known = await engine.image(name)
  if (known) return known
  try {
    await engine.pull(name, signal)
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error
    throw new PlimsollError('PLM_IMAGE_MISSING', `${name} is not there: ${error.message}`, { cause: error })
  }
  const pulled = await engine.image(name)
  if (pulled) return pulled
  throw new PlimsollError('PLM_IMAGE_MISSING', `${name} was pulled and is not there`)
}

/** Sees to it that an image is at hand: built, pulled, or there already. */
export async function haveImage(
  { from, ...place }: WantedImage,
  engine: Engine,
  signal: AbortSignal,
): Promise<ImageSeen> {
  if ('image' in from) return findImage(from.image, engine, signal)
  return findImage(await buildImage(from, place, engine, signal), engine, signal)
}
