/** Whether the images of both tasks are in their registry. What an image can do is seen by the tasks that are started from it. */
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { Check } from '../check.ts';
import type { Examination } from '../examination.ts';
import type { Finding } from '../finding.ts';
import { ok, problem, skipped, warning } from '../finding.ts';
import { formatBytes } from '../../terminal/format.ts';

export const images: Check = {
  name: 'images',
  area: 'Stack',
  examine: async (examination) => {
    if (examination.local) return [skipped('on this machine tasks are started from .build/containers, not from images')];
    const definitions = await Promise.all([examination.taskDefinition('source'), examination.taskDefinition('target')]);
    const names = [...new Set(definitions.flatMap(({ containerDefinitions = [] }: TaskDefinition) => containerDefinitions.flatMap(({ image }) => image ?? [])))];
    return (await Promise.all(names.map((name) => lookUp(examination, name)))).flat();
  },
};

/** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>[:<tag>][@<digest>]`; undefined for an image of another registry. */
export function parseEcrImage(image: string): { registryId: string; region: string; repositoryName: string; tag: string; digest: string | undefined } | undefined {
  const match = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) as readonly (string | undefined)[] | null;
  if (match === null) return undefined;
  const [, registryId = '', region = '', repositoryName = '', tag = 'latest', digest] = match;
  return { registryId, region, repositoryName, tag, digest };
}

async function lookUp(examination: Examination, image: string): Promise<Finding[]> {
  const parsed = parseEcrImage(image);
  if (parsed === undefined) return [skipped(`${image} is not in Amazon ECR; whether it can be pulled is seen when a task starts`)];
  const { DescribeImagesCommand, ECRClient, ImageNotFoundException, RepositoryNotFoundException } = await import('@aws-sdk/client-ecr');
  const { registryId, repositoryName, tag, digest } = parsed;
  const client = new ECRClient({ ...(await examination.configuration()), region: parsed.region });
  try {
    const imageIds = [digest === undefined ? { imageTag: tag } : { imageDigest: digest }];
    const { imageDetails: [found] = [] } = await client.send(new DescribeImagesCommand({ registryId, repositoryName, imageIds }));
    const size = found?.imageSizeInBytes === undefined ? '' : `, ${formatBytes(found.imageSizeInBytes)}`;
    if (digest !== undefined || tag !== 'latest') return [ok(`${image}${size}`)];
    return [warning(`${image} is tagged latest`, 'Two tasks of one night may run different images, and nobody can say later which.', 'Push it under a version, and deploy with that.')];
  } catch (error) {
    if (!(error instanceof ImageNotFoundException || error instanceof RepositoryNotFoundException)) throw error;
    const missing = error instanceof ImageNotFoundException ? `There is no image ${image}` : `There is no repository ${repositoryName} in registry ${registryId}`;
    return [problem(missing, 'No task starts: TaskFailedToStart.', 'Build and push it (docs/deploy.md), under the tag that the stack was deployed with.')];
  }
}
