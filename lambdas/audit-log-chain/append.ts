/**
 * Appends changes to the chain, in one line however many shards bring some at once: a block is put on the condition
 * that there is none of its number, and whoever loses reads what the other one put and goes on behind it. Changes that
 * a block has already, as a batch came twice or its answer was lost, are left out: they can only be in blocks that were
 * written since they were made.
 */
import { type Block, blockHash, blockText, type ChainedChange, parseBlock } from "../../core/audit-log/chain.ts";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

export interface NewChange extends ChainedChange {
  /** Epoch milliseconds at which DynamoDB took it, by its clock. */
  readonly madeAt: number;
}

export interface BlockStore {
  /** Number of the newest block; 0 where there is none. @param from one that is known to be there */
  newest(from: number): Promise<number>;
  /** @returns undefined where it is gone, as its time was over */
  read(number: number): Promise<string | undefined>;
  /** @returns false where there is one of this number already */
  put(number: number, text: string): Promise<boolean>;
}

/** Others were faster each time; the batch is handed over again. */
export class ChainContendedError extends PipelineError {
  override readonly name = "ChainContendedError";
  readonly code = "CHAIN_CONTENDED";
}

/** By which clocks of DynamoDB and of the function may differ. */
const CLOCK_MARGIN_MS = 300_000;
const ROUNDS = 20;

export interface AppendParts {
  readonly store: BlockStore;
  readonly nowMs: () => number;
  /** Newest block that was seen before, so that it need not be looked for. */
  readonly seen: { newest: number };
}

/** @returns how many changes were new. @throws ChainContendedError */
export async function append(changes: readonly NewChange[], { store, nowMs, seen }: AppendParts): Promise<number> {
  const once = [...new Map(changes.map((change) => [change.changeId, change])).values()];
  const earliest = Math.min(...once.map(({ madeAt }) => madeAt)) - CLOCK_MARGIN_MS;
  for (let round = 0; round < ROUNDS && once.length > 0; round += 1) {
    const number = (seen.newest = await store.newest(seen.newest));
    const [head, known] = await sinceThen(store, number, earliest);
    const missing = once.filter(({ changeId }) => !known.has(changeId));
    if (missing.length === 0) return 0;
    const block: Block = {
      format: 1,
      number: number + 1,
      previous: head === undefined ? "" : blockHash(head),
      writtenAt: new Date(nowMs()).toISOString(),
      changes: missing.map(({ changeId, event, entry }) => ({ changeId, event, entry })),
    };
    if (await store.put(block.number, blockText(block))) {
      seen.newest = block.number;
      return missing.length;
    }
  }
  if (once.length === 0) return 0;
  throw new ChainContendedError(`${ROUNDS} times another block was there first; the batch is handed over again.`);
}

/** @returns text of the newest block, and the changes of all blocks that were written since */
async function sinceThen(
  store: BlockStore,
  newest: number,
  since: number,
): Promise<[string | undefined, ReadonlySet<string>]> {
  const known = new Set<string>();
  let head: string | undefined;
  for (let number = newest; number > 0; number -= 1) {
    const text = await store.read(number);
    if (text === undefined) break;
    head ??= text;
    const { changes, writtenAt } = parseBlock(text);
    for (const { changeId } of changes) known.add(changeId);
    if (Date.parse(writtenAt) < since) break;
  }
  return [head, known];
}
