/** Where in a definition a check stands, and the list that its findings go to. */
export class Place {
  readonly #problems: string[];
  readonly #state: string | undefined;
  readonly #field: string;

  private constructor(problems: string[], state: string | undefined, field: string) {
    this.#problems = problems;
    this.#state = state;
    this.#field = field;
  }

  /** The top level of a definition. @param problems receives what is found anywhere below */
  static top(problems: string[]): Place {
    return new Place(problems, undefined, '');
  }

  /** @param name of the state whose fields are looked at next */
  state(name: string): Place {
    return new Place(this.#problems, name, '');
  }

  field(name: string): Place {
    return new Place(this.#problems, this.#state, this.#field === '' ? name : `${this.#field}.${name}`);
  }

  item(index: number): Place {
    return new Place(this.#problems, this.#state, `${this.#field}[${index}]`);
  }

  /** @param problem reads on after the place, without a full stop */
  refuse(problem: string): void {
    const state = this.#state === undefined ? '' : `state \`${this.#state}\`: `;
    const field = this.#field === '' ? '' : `\`${this.#field}\` `;
    this.#problems.push(`${state}${field}${problem}`);
  }
}
