/**
 * The `Jobs` table as it keeps copies: numbers are given and copies put in one transaction, and pages are read by
 * number, consistently. See `core/copies/copy-row.ts`.
 */
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { RecentMap } from "../cache/recent-map.ts";
import {
  COPY_ROW,
  copyBodyKey,
  copyKey,
  copyRows,
  hasBodyApart,
  isOver,
  lastCopyKey,
  readCopy,
} from "../copies/copy-row.ts";
import type { DeliveryCopy } from "../copies/delivery-copy.ts";
import { PipelineError } from "../errors/pipeline-error.ts";
import { type AttributeMap, numberOf, stringOf } from "../transaction/attribute-value.ts";

/** Others write copies of the same merchant at the same time; they are through at once. */
const ROUNDS = 8;
const MERCHANTS_KNOWN = 1000;
/** Read at once: with the longest bodies some 4 MB. */
const GROUP = 10;
/** Bytes of bodies after which a page ends: a function's response has 6 MB at most, and JSON may double a body. */
const PAGE_BYTES = 1_000_000;
/** Of headers and address, at a guess. */
const HEAD_BYTES = 4096;
/** Groups that are read for a page in which nothing is left. */
const MOST_GROUPS = 50;

/** Each time others were faster; none of the copies was kept. */
export class CopiesContendedError extends PipelineError {
  override readonly name = "CopiesContendedError";
  readonly code = "COPIES_CONTENDED";
}

export interface NumberedCopy extends DeliveryCopy {
  readonly number: number;
}

export interface CopyPage {
  readonly copies: readonly NumberedCopy[];
  /** Number after which the next page begins. */
  readonly next: number;
  /** Whether there are further ones already. */
  readonly hasMore: boolean;
}

export class CopiesTable {
  readonly #client: () => DynamoDBClient;
  readonly #name: string;
  /** Number of each merchant's last copy, as it was when somebody here wrote one. */
  readonly #last = new RecentMap<number>(MERCHANTS_KNOWN);

  /** @param client asked for with each call */
  constructor(client: () => DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /**
   * @param copies at most 25, of 3 MB of bodies in all
   * @throws CopiesContendedError, and what the table says; what was not answered in time may have been written
   */
  async append(merchantId: string, copies: readonly DeliveryCopy[]): Promise<void> {
    let last = this.#last.get(merchantId);
    for (let round = 0; round < ROUNDS; round += 1) {
      try {
        const after = last ?? 0;
        await this.#write(merchantId, after, copies);
        this.#last.set(merchantId, after + copies.length);
        return;
      } catch (error) {
        const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
        const [counter] = reasons;
        if (counter?.Code === "ConditionalCheckFailed") last = numberOf(counter.Item?.[COPY_ROW.last]) ?? 0;
        else if (!reasons.some(({ Code }) => Code === "TransactionConflict")) throw error;
      }
    }
    throw new CopiesContendedError(`Others wrote copies of ${merchantId} at the same time, ${ROUNDS} times.`, {
      merchantId,
    });
  }

  async #write(merchantId: string, after: number, copies: readonly DeliveryCopy[]): Promise<void> {
    const TableName = this.#name;
    const rows = copies.flatMap((copy, index) => copyRows(merchantId, after + index + 1, copy));
    await this.#client().send(
      new TransactWriteItemsCommand({
        TransactItems: [
          {
            Update: {
              TableName,
              Key: { [COPY_ROW.key]: { S: lastCopyKey(merchantId) } },
              UpdateExpression: "SET #last = :last",
              ConditionExpression: after === 0 ? "attribute_not_exists(#last)" : "#last = :after",
              ExpressionAttributeNames: { "#last": COPY_ROW.last },
              ExpressionAttributeValues: {
                ":last": { N: String(after + copies.length) },
                ...(after > 0 && { ":after": { N: String(after) } }),
              },
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            },
          },
          ...rows.map((row) => ({ Put: { TableName, Item: row as never } })),
        ],
      }),
    );
  }

  /** @returns 0 where there never was one */
  async last(merchantId: string): Promise<number> {
    const Key = { [COPY_ROW.key]: { S: lastCopyKey(merchantId) } };
    const { Item } = await this.#client().send(
      new GetItemCommand({ TableName: this.#name, Key, ConsistentRead: true }),
    );
    return numberOf(Item?.[COPY_ROW.last]) ?? 0;
  }

  /**
   * @param after number of the copy before; one that is not there yet counts as the last
   * @param now epoch milliseconds
   */
  async page(merchantId: string, after: number, limit: number, now: number): Promise<CopyPage> {
    const last = await this.last(merchantId);
    const copies: NumberedCopy[] = [];
    let next = Math.min(after, last);
    let bytes = 0;
    for (let group = 0; group < MOST_GROUPS && next < last && copies.length < limit; group += 1) {
      const to = Math.min(last, next + Math.min(GROUP, limit - copies.length));
      for (const copy of await this.#read(merchantId, next, to, now)) {
        if (bytes > PAGE_BYTES) return { copies, next, hasMore: true };
        copies.push(copy);
        next = copy.number;
        bytes += Buffer.byteLength(copy.request.body) + HEAD_BYTES;
      }
      next = to;
    }
    return { copies, next, hasMore: next < last };
  }

  /** In their order, without those that are over. */
  async #read(merchantId: string, after: number, to: number, now: number): Promise<NumberedCopy[]> {
    const numbers = Array.from({ length: to - after }, (_, index) => after + index + 1);
    const rows = await this.#rows(numbers.map((number) => copyKey(merchantId, number)));
    const current = numbers.flatMap((number) => {
      const row = rows.get(copyKey(merchantId, number));
      return row === undefined || isOver(row, now) ? [] : [{ number, row }];
    });
    const apart = current.filter(({ row }) => hasBodyApart(row)).map(({ number }) => copyBodyKey(merchantId, number));
    const bodies = apart.length === 0 ? new Map<string, AttributeMap>() : await this.#rows(apart);
    return current.flatMap(({ number, row }) => {
      const copy = readCopy(row, bodies.get(copyBodyKey(merchantId, number)) ?? row);
      return copy === undefined ? [] : [{ ...copy, number }];
    });
  }

  /** Whole: what DynamoDB leaves out of one response is asked for again. */
  async #rows(keys: readonly string[]): Promise<Map<string, AttributeMap>> {
    const found = new Map<string, AttributeMap>();
    let Keys = keys.map((key) => ({ [COPY_ROW.key]: { S: key } }));
    for (let round = 0; Keys.length > 0 && round < ROUNDS; round += 1) {
      const { Responses = {}, UnprocessedKeys = {} } = await this.#client().send(
        new BatchGetItemCommand({ RequestItems: { [this.#name]: { Keys, ConsistentRead: true } } }),
      );
      for (const row of (Responses[this.#name] ?? []) as AttributeMap[])
        found.set(stringOf(row[COPY_ROW.key]) ?? "", row);
      Keys = (UnprocessedKeys[this.#name]?.Keys ?? []) as typeof Keys;
    }
    if (Keys.length > 0) throw Object.assign(new Error("copies are throttled"), { name: "ThrottlingException" });
    return found;
  }
}
