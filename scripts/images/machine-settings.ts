/**
 * How this machine reaches the registries, for the build alone: its certificate authorities and apt's settings (a proxy, a
 * mirror). They are mounted while a RUN instruction runs, and are in no image. Variables such as HTTPS_PROXY are buildah's.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Options of `buildah bud`. */
export async function machineSettings(folder: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const mounts: [source: string, destination: string][] = [];
  const authorities = environment['NODE_EXTRA_CA_CERTS'];
  if (authorities !== undefined) {
    const inBuild = '/run/machine-authorities.pem';
    await writeFile(join(folder, 'npmrc'), `cafile=${inBuild}\n`);
    mounts.push([authorities, inBuild], [join(folder, 'npmrc'), '/usr/local/etc/npmrc']);
  }
  const apt = await runTool('apt-config', ['dump', 'Acquire']).catch(() => '');
  const settings = apt.split('\n').filter((line) => line !== '' && !line.endsWith(' "";'));
  if (settings.length > 0) {
    await writeFile(join(folder, 'apt.conf'), `${settings.join('\n')}\n`);
    mounts.push([join(folder, 'apt.conf'), '/etc/apt/apt.conf.d/90machine']);
  }
  return mounts.flatMap(([source, destination]) => ['--volume', `${source}:${destination}:ro`]);
}
