/** What one look is to look at, for how long and how much, and what it found. */
export interface Scope {
  readonly groups: number;
  /** Groups that it may look into. */
  readonly mine: ReadonlySet<number>;
  /** Milliseconds that it has, after which no turn is begun. */
  readonly lengthMs: number;
  /** Resolves when they are over, whatever it waits for. */
  readonly over: Promise<unknown>;
  /** Rows that it takes of all shards together, those of merchants apart. */
  readonly mostRows: number;
  /** Counts up, look by look. */
  readonly turn: number;
  /** Whether the queue took nothing in the look before. */
  readonly isQueueDegraded: boolean;
  /** Takes leases of groups in which something is to be done. @returns those that it got. It must not reject. */
  readonly lease: (groups: ReadonlySet<number>) => Promise<ReadonlySet<number>>;
}

/** How much at once. */
export interface LookSizes {
  /** Turns that are carried out side by side. */
  readonly lanes: number;
  readonly rowsATurn: number;
  /** Rows that one look takes from a shard. */
  readonly rowsAShard: number;
  /** Rows that find out whether the queue takes messages again. */
  readonly probeRows: number;
  /** Milliseconds that everyone's health row has to answer. */
  readonly pauseLimitMs: number;
}

export const LOOK_SIZES: LookSizes = { lanes: 8, rowsATurn: 100, rowsAShard: 500, probeRows: 10, pauseLimitMs: 2000 };

export interface Look {
  readonly released: number;
  /** At least one shard had as many as one look takes, and there is no limit that keeps the next one waiting. */
  readonly isMoreDue: boolean;
  /** Something was due, or may go to a merchant within the minute. */
  readonly isActive: boolean;
  readonly isQueueUp: boolean;
}

/** All of it, for as long as it takes. */
export const EVERYTHING: Scope = {
  groups: 1,
  mine: new Set([0]),
  lengthMs: Number.POSITIVE_INFINITY,
  over: new Promise(() => undefined),
  mostRows: Number.POSITIVE_INFINITY,
  turn: 0,
  isQueueDegraded: false,
  lease: async (groups) => groups,
};

export const NOTHING_DUE: Look = { released: 0, isMoreDue: false, isActive: false, isQueueUp: true };
