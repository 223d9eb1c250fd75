/** `npm run simulate -- --databases 50000 --dump-threads 16 …`: a whole run on AWS, simulated; `--help` lists every setting. */
import { parseArgs } from 'node:util';
import { FerryError } from '../../core/errors.ts';
import { describeSettings, describeSimulated } from './describe.ts';
import { flagOf, type Settings, settingsSchema } from './settings.ts';
import { simulate } from './simulate.ts';

try {
  const arguments_ = readArguments();
  if (arguments_ === 'help') console.log(describeSettings());
  else {
    const simulated = simulate(arguments_.settings);
    console.log(arguments_.json ? JSON.stringify(simulated, null, 2) : describeSimulated(simulated));
  }
} catch (error) {
  const failure = FerryError.from(error);
  console.error(`${failure.name}: ${failure.message}`);
  process.exitCode = failure.exitCode;
}

function readArguments(): 'help' | { readonly settings: Settings; readonly json: boolean } {
  const names = Object.keys(settingsSchema.shape);
  const options = Object.fromEntries(names.map((name) => [flagOf(name), { type: 'string' as const }]));
  const { values } = parse({ ...options, json: { type: 'boolean' }, help: { type: 'boolean' } });
  if (values['help'] === true) return 'help';
  const given = Object.fromEntries(names.flatMap((name) => (values[flagOf(name)] === undefined ? [] : [[name, values[flagOf(name)]]])));
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return { settings: parsed.data, json: values['json'] === true };
  throw new FerryError('InvalidInput', parsed.error.issues.map((issue) => `--${flagOf(String(issue.path[0]))}: ${issue.message}`).join('; '));
}

function parse(options: NonNullable<Parameters<typeof parseArgs>[0]>['options']): { values: Record<string, unknown> } {
  try {
    return parseArgs({ options: options ?? {} });
  } catch (error) {
    throw new FerryError('InvalidInput', `${error instanceof Error ? error.message : String(error)} (npm run simulate -- --help lists the settings)`);
  }
}
