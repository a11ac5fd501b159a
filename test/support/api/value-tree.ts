/**
 * JSON as a test writes it: also what `JSON.stringify` would not write, and places that are filled in when it is sent.
 */
export type ValueTree = null | boolean | number | string | readonly ValueTree[] | Members | Literal | Known;

/** An object: any names, the same one twice too. */
export class Members {
  readonly entries: readonly (readonly [string, ValueTree])[];

  constructor(entries: readonly (readonly [string, ValueTree])[]) {
    this.entries = entries;
  }

  toString(): string {
    return jsonOf(this, String);
  }
}

/** A text of JSON as it stands, such as `1e400`. */
export class Literal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** One of those that are known by this name when it is sent. */
export class Known {
  readonly name: string;
  readonly index: number;

  constructor(name: string, index: number) {
    this.name = name;
    this.index = index;
  }

  toString(): string {
    return `${this.name} no. ${this.index}`;
  }
}

export type FillIn = (known: Known) => string;

export function jsonOf(tree: ValueTree, fillIn: FillIn): string {
  if (tree instanceof Literal) return tree.text;
  if (tree instanceof Known) return JSON.stringify(fillIn(tree));
  if (tree instanceof Members)
    return `{${tree.entries.map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value, fillIn)}`).join()}}`;
  if (Array.isArray(tree)) return `[${tree.map((one: ValueTree) => jsonOf(one, fillIn)).join()}]`;
  return JSON.stringify(tree);
}

/** Of plain JSON. */
export function treeOf(value: unknown): ValueTree {
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value === "object" && value !== null)
    return new Members(Object.entries(value).map(([name, one]) => [name, treeOf(one)]));
  return value as ValueTree;
}
