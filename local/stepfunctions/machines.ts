import { FerryError } from '../../core/errors.ts';
import type { TaskIntegrations } from './integrations/types.ts';
import { parseDefinition, type StateGraph, type StateMachineDefinition } from './language/definition.ts';
import type { EventStore } from './store/event-store.ts';

export interface StateMachineConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Amazon States Language, as JSON text. */
  readonly definition: string;
}

export interface StateMachine extends StateMachineConfiguration {
  /** Number of the definition's text in the store; an execution keeps the one it was started with. */
  readonly definitionId: number;
  /** Milliseconds since the epoch. */
  readonly creationDate: number;
}

/** The state machines that are deployed, and the definitions that executions were started with. */
export class StateMachines {
  readonly #store: EventStore;
  readonly #byArn = new Map<string, StateMachine>();
  readonly #parsed = new Map<number, StateMachineDefinition>();

  constructor(store: EventStore, configurations: readonly StateMachineConfiguration[], now: number) {
    this.#store = store;
    for (const configuration of configurations) {
      this.#byArn.set(configuration.arn, { ...configuration, definitionId: this.#keep(configuration.definition), creationDate: now });
    }
  }

  get all(): StateMachine[] {
    return [...this.#byArn.values()];
  }

  find(arn: string): StateMachine | undefined {
    return this.#byArn.get(arn);
  }

  text(definitionId: number): string {
    return this.#store.get<{ text: string }>('SELECT text FROM definition WHERE id = ?', definitionId)?.text ?? '';
  }

  definition(definitionId: number): StateMachineDefinition {
    let definition = this.#parsed.get(definitionId);
    if (definition === undefined) {
      definition = parseDefinition(this.text(definitionId));
      this.#parsed.set(definitionId, definition);
    }
    return definition;
  }

  #keep(text: string): number {
    const known = this.#store.get<{ id: number }>('SELECT id FROM definition WHERE text = ?', text);
    return known?.id ?? this.#store.write('INSERT INTO definition (text) VALUES (?)', text);
  }
}

/** @throws FerryError UnsupportedDefinition */
export function checkStateMachines(configurations: readonly StateMachineConfiguration[], integrations: TaskIntegrations): void {
  for (const { name, definition } of configurations) checkResources(name, parseDefinition(definition), integrations);
}

function checkResources(machine: string, definition: StateMachineDefinition, integrations: TaskIntegrations): void {
  const unknown = [...resourcesOf(definition)].filter(({ resource }) => integrations(resource) === undefined);
  if (unknown.length === 0) return;
  const list = unknown.map(({ state, resource }) => `${state}: ${resource}`).join('; ');
  throw new FerryError('UnsupportedDefinition', `State machine ${machine} uses resources that the local runtime does not implement: ${list}.`);
}

function* resourcesOf(graph: StateGraph): Generator<{ state: string; resource: string }> {
  for (const [name, state] of Object.entries(graph.States)) {
    if (state.Type === 'Task') yield { state: name, resource: state.Resource };
    if (state.Type === 'Map') yield* resourcesOf(state.ItemProcessor);
    if (state.Type === 'Parallel') for (const branch of state.Branches) yield* resourcesOf(branch);
  }
}
