import { PlimsollError, type Problem } from '../kernel/index.ts'
import { readRepositoryFile } from './repositoryFiles.ts'
import type { ServiceConfig } from './schema.ts'

type Source = { readonly dockerfile?: string | undefined; readonly image?: string | undefined }

/** Paths of all Dockerfiles that a configuration names, by the key that names them. */
function dockerfilesOf({ containers, pipeline }: ServiceConfig): (readonly [string, string])[] {
  const pathOf = ({ dockerfile, image }: Source): string | undefined =>
    image === undefined ? (dockerfile ?? 'Dockerfile') : undefined
  const named = [
    ...Object.entries(containers).map(([name, from]) => [`containers.${name}`, pathOf(from)] as const),
    ...Object.entries(pipeline).map(
      ([name, { container }]) => [`pipeline.${name}.container`, container && pathOf(container)] as const,
    ),
  ]
  return named.flatMap(([at, path]) => (path === undefined ? [] : [[at, path] as const]))
}

/**
 * Sees whether the Dockerfiles are in the repository. Where jobs have outputs, one of these may become a Dockerfile:
 * then nobody can tell before.
 * @throws PLM_DOCKERFILE_MISSING
 */
export async function checkDockerfiles(config: ServiceConfig, folder: string): Promise<void> {
  if (Object.values(config.pipeline).some(({ outputs }) => outputs.length > 0)) return
  const problems: Problem[] = []
  for (const [at, path] of dockerfilesOf(config))
    if ((await readRepositoryFile(folder, path)) === undefined)
      problems.push({ at, text: `${at} is built from ${path}, which is not in the repository` })
  if (problems.length > 0) throw new PlimsollError('PLM_DOCKERFILE_MISSING', problems)
}
