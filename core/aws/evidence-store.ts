/**
 * What a restore has found of single transactions, in the `Jobs` table: an item for each of which the table says less.
 * Parts write side by side, and again after a kill; of several that say the same of an id the best one stays. Items of
 * transactions that the backup has none of are listed by part, so that they are found without it. Images of rows are in
 * them, so they are kept for days and not for the job's ninety, as what a person has to decide about is.
 */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { JOB_KEPT_SECONDS, JOB_ROW } from "../jobs/job.ts";
import { EVIDENCE_KEPT_DAYS } from "../jobs/restore/spec.ts";
import { type ConfirmedSince, type Evidence, rankOf } from "../restore/evidence.ts";
import { JOBS_INDEX, TIME_TO_LIVE } from "../settings/names.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { acceptedOf } from "../transaction/accepted.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { stateOf } from "../transaction/row/row-state.ts";
import { versionOf } from "../transaction/transaction.ts";
import { PipelineError } from "../errors/pipeline-error.ts";
import { shardOf } from "../transaction/row/index-keys.ts";

const DAY_SECONDS = 86_400;
const KEPT_SECONDS = EVIDENCE_KEPT_DAYS * DAY_SECONDS;
const MAX_READS = 100;
const MAX_READ_ROUNDS = 5;
const BEFORE = "before";
const BEFORE_RANK = "beforeRank";
const ENDED = "ended";
const ENDED_RANK = "endedRank";
const CONFIRMED = "confirmed";
const CONFIRMED_RANK = "confirmedRank";
/** Of a sequence number of the stream at most, and of a version. */
const DIGITS = 40;
const VERSION_DIGITS = 16;

/** Items of evidence are left unread; nothing is decided without them. */
class EvidenceUnreadError extends PipelineError {
  override readonly name = "EvidenceUnreadError";
  readonly code = "EVIDENCE_UNREAD";
}

/** One thing that a source says of a transaction. */
export type Found =
  /** Order of the stream; `isAfter`: it is the image before a change that came after the damage. */
  | { readonly kind: "before"; readonly image: AttributeMap; readonly order: string; readonly isAfter: boolean }
  | { readonly kind: "ended"; readonly image: AttributeMap; readonly order: string }
  | { readonly kind: "confirmed"; readonly confirmed: ConfirmedSince };

export interface ListedPage {
  readonly transactionIds: readonly string[];
  /** After which the next page begins. */
  readonly next?: string;
}

export class EvidenceStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;

  /** @param now epoch milliseconds */
  constructor(client: DynamoDBClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  /**
   * @param parts of the job
   * @param isInBackup whether the backup has the transaction; else it is listed
   */
  async add(jobId: string, parts: number, transactionId: string, found: Found, isInBackup: boolean): Promise<void> {
    const listed = isInBackup ? {} : listingOf(sinceList(jobId, partOf(transactionId, parts)), transactionId);
    const { attribute, rankAttribute, rank, value } = entryOf(found);
    try {
      await this.#set(
        keyOf(jobId, transactionId),
        { ...listed, [attribute]: value, [rankAttribute]: rank },
        KEPT_SECONDS,
        rankAttribute,
      );
    } catch (error) {
      if (!isTooLarge(error) || found.kind === "confirmed") throw error;
      const less = lessOf(found);
      if (less !== undefined) await this.add(jobId, parts, transactionId, less, isInBackup);
    }
  }

  /** Of those that there is something of. @param transactionIds at most 100, each once */
  async read(jobId: string, transactionIds: readonly string[]): Promise<ReadonlyMap<string, Evidence>> {
    const evidence = new Map<string, Evidence>();
    for (let start = 0; start < transactionIds.length; start += MAX_READS) {
      const ids = transactionIds.slice(start, start + MAX_READS);
      for (const item of await this.#get(ids.map((id) => keyOf(jobId, id)))) {
        const transactionId = (stringOf(item[JOB_ROW.jobId]) ?? "").slice(keyOf(jobId, "").length);
        evidence.set(transactionId, evidenceIn(item));
      }
    }
    return evidence;
  }

  /** Of a part, those that the backup has none of. */
  listSince(jobId: string, part: number, limit: number, after: string | undefined): Promise<ListedPage> {
    return this.#list(sinceList(jobId, part), keyOf(jobId, ""), limit, after);
  }

  /** Notes that a person has to decide about a transaction. */
  async noteUnknown(jobId: string, transactionId: string): Promise<void> {
    const item = listingOf(unknownList(jobId), transactionId);
    await this.#set(`${unknownList(jobId)}#${transactionId}`, item, JOB_KEPT_SECONDS);
  }

  listUnknown(jobId: string, limit: number, after: string | undefined): Promise<ListedPage> {
    return this.#list(unknownList(jobId), `${unknownList(jobId)}#`, limit, after);
  }

  async #list(listedAs: string, prefix: string, limit: number, after: string | undefined): Promise<ListedPage> {
    const { Items = [], LastEvaluatedKey: last } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: JOBS_INDEX,
        KeyConditionExpression: `${JOB_ROW.listedAs} = :list`,
        ExpressionAttributeValues: { ":list": { S: listedAs } },
        Limit: limit,
        ...(after !== undefined && {
          ExclusiveStartKey: {
            [JOB_ROW.jobId]: { S: `${prefix}${after}` },
            [JOB_ROW.listedAs]: { S: listedAs },
            [JOB_ROW.listedAt]: { S: after },
          },
        }),
      }),
    );
    const ids = Items.flatMap(({ [JOB_ROW.jobId]: key }) => (key?.S === undefined ? [] : [key.S.slice(prefix.length)]));
    const next = last?.[JOB_ROW.jobId]?.S?.slice(prefix.length);
    return { transactionIds: ids, ...(next !== undefined && { next }) };
  }

  /** @param rankAttribute only where what is there has a lower one. @default whatever is there */
  async #set(key: string, attributes: AttributeMap, keptSeconds: number, rankAttribute?: string): Promise<void> {
    const purgeAt = { [TIME_TO_LIVE]: { N: String(Math.floor(this.#now() / 1000) + keptSeconds) } };
    const set = Object.entries({ ...attributes, ...purgeAt });
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { [JOB_ROW.jobId]: { S: key } },
          UpdateExpression: `SET ${set.map((_, index) => `#n${index} = :v${index}`).join(", ")}`,
          ExpressionAttributeNames: Object.fromEntries(set.map(([name], index) => [`#n${index}`, name])),
          ExpressionAttributeValues: Object.fromEntries(set.map(([, value], index) => [`:v${index}`, value as never])),
          ...(rankAttribute !== undefined && rankCondition(rankAttribute, set)),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async #get(keys: readonly string[]): Promise<AttributeMap[]> {
    const items: AttributeMap[] = [];
    let Keys = keys.map((key) => ({ [JOB_ROW.jobId]: { S: key } }));
    for (let round = 0; Keys.length > 0; round += 1) {
      if (round === MAX_READ_ROUNDS)
        throw new EvidenceUnreadError(
          `${Keys.length} of ${keys.length} items of evidence were left unread; try again.`,
        );
      const { Responses, UnprocessedKeys } = await this.#client.send(
        new BatchGetItemCommand({ RequestItems: { [this.#table]: { Keys, ConsistentRead: true } } }),
      );
      items.push(...((Responses?.[this.#table] ?? []) as AttributeMap[]));
      Keys = (UnprocessedKeys?.[this.#table]?.Keys ?? []) as typeof Keys;
    }
    return items;
  }
}

/** Which part of a job looks at a transaction that the backup has none of. */
export function partOf(transactionId: string, parts: number): number {
  return shardOf(transactionId, parts);
}

function keyOf(jobId: string, transactionId: string): string {
  return `${jobId}#evidence#${transactionId}`;
}

function sinceList(jobId: string, part: number): string {
  return `${jobId}#since#${part}`;
}

function unknownList(jobId: string): string {
  return `${jobId}#unknown`;
}

function listingOf(list: string, transactionId: string): AttributeMap {
  return { [JOB_ROW.listedAs]: { S: list }, [JOB_ROW.listedAt]: { S: transactionId } };
}

/** Where what is there counts for less. Both are texts of one length. */
function rankCondition(name: string, set: readonly (readonly [string, AttributeValue])[]) {
  const index = set.findIndex(([known]) => known === name);
  return { ConditionExpression: `attribute_not_exists(#n${index}) OR #n${index} < :v${index}` };
}

function entryOf(found: Found) {
  switch (found.kind) {
    case "before": {
      // Of one version the last one before the damage counts, then the first one that the damage found.
      const order = found.isAfter ? inverted(found.order) : found.order.padStart(DIGITS, "0");
      const rank = { S: `${versionText(found.image)}${found.isAfter ? 0 : 1}${order}` };
      return { attribute: BEFORE, rankAttribute: BEFORE_RANK, rank, value: { M: found.image } };
    }
    case "ended": {
      const isConfirmed = stateOf(found.image) === "CONFIRMED" ? 1 : 0;
      const rank = { S: `${versionText(found.image)}${isConfirmed}${found.order.padStart(DIGITS, "0")}` };
      return { attribute: ENDED, rankAttribute: ENDED_RANK, rank, value: { M: found.image } };
    }
    default: {
      const rank = { S: String(rankOf(found.confirmed)).padStart(DIGITS, "0") };
      const value = { S: JSON.stringify(found.confirmed) };
      return { attribute: CONFIRMED, rankAttribute: CONFIRMED_RANK, rank, value };
    }
  }
}

function versionText(image: AttributeMap): string {
  return String(versionOf(image) ?? 0).padStart(VERSION_DIGITS, "0");
}

function inverted(order: string): string {
  return order.padStart(DIGITS, "0").replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
}

/** DynamoDB takes 400 KB, and a row may have as many by itself. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && error.name === "ValidationException";
}

/** What is left to say of a row that has no room: that it was confirmed, as the journal would. */
function lessOf(found: Exclude<Found, { kind: "confirmed" }>): Found | undefined {
  const { image } = found;
  const version = versionOf(image);
  if (version === undefined || stateOf(image) !== "CONFIRMED") return undefined;
  const at = numberOf(image[ATTRIBUTES.settledAt]) ?? 0;
  return { kind: "confirmed", confirmed: { source: "stream", version, at, accepted: acceptedOf(image) } };
}

function evidenceIn(item: AttributeMap): Evidence {
  const [before, ended, confirmed] = [item[BEFORE]?.M, item[ENDED]?.M, stringOf(item[CONFIRMED])];
  return {
    ...(before !== undefined && { before }),
    ...(ended !== undefined && { ended }),
    ...(confirmed !== undefined && { confirmed: JSON.parse(confirmed) as ConfirmedSince }),
  };
}
