/**
 * Plugin of serverless.yml: gives the stack's parameters their values. A template with them as defaults would carry account
 * and network into every copy of it; as CloudFormation's own parameters they travel beside it.
 */
import { z } from 'zod';
import { checkParameters, definitionsSchema, optionName, type StackParameter } from './stack-parameters.ts';

/** What of osls is used here. It publishes no types of its plugins' interface. */
interface Serverless {
  readonly processedInput: { readonly commands: readonly string[]; readonly options: { readonly param?: readonly string[] } };
  readonly configurationInput: { readonly params?: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  readonly service: {
    readonly resources: { readonly Parameters?: unknown };
    readonly custom: { readonly examples?: unknown };
    readonly provider: { stackParameters?: readonly StackParameter[] };
  };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  getProvider(name: 'aws'): { getStage(): string; getRegion(): string };
}

export default class StackParametersPlugin {
  readonly hooks: Readonly<Record<string, () => void>>;
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    let parameters: readonly StackParameter[] | undefined;
    this.hooks = {
      initialize: () => {
        const [command = '', ...subcommands] = serverless.processedInput.commands;
        if (!['package', 'deploy'].includes(command) || subcommands.length > 0) return;
        parameters = this.#parameters(command);
        serverless.service.provider.stackParameters = parameters;
      },
      // A first deployment creates the stack with nothing but the bucket for packages: CloudFormation refuses a value for a
      // parameter that the template does not have.
      'before:aws:deploy:deploy:createStack': () => {
        delete serverless.service.provider.stackParameters;
      },
      'after:aws:deploy:deploy:createStack': () => {
        if (parameters !== undefined) serverless.service.provider.stackParameters = parameters;
      },
    };
  }

  #parameters(command: string): readonly StackParameter[] {
    const { service, configurationInput, processedInput } = this.#serverless;
    const provider = this.#serverless.getProvider('aws');
    const stage = provider.getStage();
    const params = configurationInput.params ?? {};
    const fromCommandLine = readOptions(processedInput.options.param ?? []);
    const definitions = definitionsSchema.parse(service.resources.Parameters);
    const { parameters, flaws } = checkParameters({
      definitions,
      given: { ...texts(params['default']), ...texts(params[stage]), ...fromCommandLine },
      examples: z.record(z.string(), z.string()).parse(service.custom.examples),
      examplesStandIn: command === 'package' && stage === 'dev',
      region: provider.getRegion(),
    });
    const known = [...Object.keys(definitions).map(optionName), ...Object.keys(params['default'] ?? {})];
    const unknown = Object.keys(fromCommandLine).filter((name) => !known.includes(name));
    const all = [...stageFlaws(stage), ...flaws, ...unknown.map((name) => `${name} is no parameter. These are: ${known.join(', ')}`)];
    if (all.length > 0) {
      const list = all.map((flaw) => `  ${flaw}`).join('\n');
      throw new this.#serverless.classes.Error(`The parameters for the stage ${stage} are not right:\n\n${list}\n\nAll are described in resources/parameters.yml.`, 'STACK_PARAMETERS');
    }
    return parameters;
  }
}

/** The stage is part of names: of repositories (lower case only) and of functions (64 characters). */
function stageFlaws(stage: string): string[] {
  return /^[a-z][a-z0-9-]{0,23}$/.test(stage) ? [] : [`--stage ${stage} must be lower-case letters, digits and hyphens, beginning with a letter, 24 at most.`];
}

function readOptions(options: readonly string[]): Record<string, string> {
  return Object.fromEntries(options.map((option) => [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1).trimEnd()]));
}

function texts(block: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  return z.record(z.string(), z.coerce.string()).parse(Object.fromEntries(Object.entries(block ?? {}).filter(([, value]) => value !== null)));
}
