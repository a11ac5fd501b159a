/**
 * Whose rows are next in a look: kinds in turn, and within a kind its lists in turn, row by row. No shard stands in
 * front of another, nor one kind in front of the others, however much it has. Lists may join while others are worked on
 * already.
 */
export const KINDS = ["parked", "pending", "merchant"] as const;
export type Kind = (typeof KINDS)[number];

export interface Turn {
  readonly kind: Kind;
  readonly ids: readonly string[];
}

interface List {
  readonly ids: readonly string[];
  next: number;
}

export class Turns {
  readonly #lists: Readonly<Record<Kind, List[]>> = { parked: [], pending: [], merchant: [] };
  /** A row may be named by two partitions, as an index lags. */
  readonly #taken = new Set<string>();
  readonly #preparing = new Set<Promise<unknown>>();
  #turn = 0;

  add(kind: Kind, ids: readonly string[]): void {
    if (ids.length > 0) this.#lists[kind].push({ ids, next: 0 });
  }

  /** Something that may still add lists. It must not reject. */
  prepare(preparing: Promise<unknown>): void {
    const one = preparing.then(() => void this.#preparing.delete(one));
    this.#preparing.add(one);
  }

  /** Resolves when more may be there; undefined when nothing more will come. */
  get more(): Promise<unknown> | undefined {
    return this.#preparing.size === 0 ? undefined : Promise.race(this.#preparing);
  }

  /** Rows of a kind that were added and not taken. */
  left(kind: Kind): number {
    return this.#lists[kind].reduce((sum, { ids, next }) => sum + ids.length - next, 0);
  }

  /** @param may whether a kind may go. @returns undefined when there is nothing just now */
  take(most: number, may: (kind: Kind) => boolean = () => true): Turn | undefined {
    for (let tried = 0; tried < KINDS.length; tried += 1) {
      const kind = KINDS[this.#turn % KINDS.length] as Kind;
      this.#turn += 1;
      if (!may(kind)) continue;
      const ids = this.#takeOf(kind, most);
      if (ids.length > 0) return { kind, ids };
    }
    return undefined;
  }

  #takeOf(kind: Kind, most: number): string[] {
    const lists = this.#lists[kind];
    const ids: string[] = [];
    while (ids.length < most) {
      const list = lists.shift();
      if (list === undefined) break;
      const id = list.ids[list.next] as string;
      list.next += 1;
      if (list.next < list.ids.length) lists.push(list);
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      ids.push(id);
    }
    return ids;
  }
}
