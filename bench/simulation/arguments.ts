/** The settings, from the command line. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { FerryError } from '../../core/errors.ts';
import { flagOf, type Settings, settingsSchema } from './settings.ts';

/** @throws FerryError InvalidInput that names the flag */
export function readSettings(script: string): 'help' | { readonly settings: Settings; readonly json: boolean } {
  const names = Object.keys(settingsSchema.shape);
  const options = Object.fromEntries(names.map((name) => [flagOf(name), { type: 'string' as const }]));
  const values = parse(script, { ...options, json: { type: 'boolean' }, help: { type: 'boolean' } });
  if (values['help'] === true) return 'help';
  const given = Object.fromEntries(names.flatMap((name) => (values[flagOf(name)] === undefined ? [] : [[name, values[flagOf(name)]]])));
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return { settings: parsed.data, json: values['json'] === true };
  throw new FerryError('InvalidInput', parsed.error.issues.map((issue) => `--${flagOf(String(issue.path[0]))}: ${issue.message}`).join('; '));
}

function parse(script: string, options: ParseArgsOptionsConfig): Readonly<Record<string, unknown>> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new FerryError('InvalidInput', `${error instanceof Error ? error.message : String(error)} (npm run ${script} -- --help lists the settings)`);
  }
}
