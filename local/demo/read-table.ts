/** The table's side of the account, read by the demo itself with plain calls, not through the pipeline's code. */
import {
  BatchGetItemCommand,
  GetItemCommand,
  ScanCommand,
  type AttributeValue,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
  type KeysAndAttributes,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { DUE_INDEX } from "../../core/settings/names.ts";
import type { TerminalRow } from "./evidence.ts";

const { confirmationState: STATE, stateVersion: STATE_VERSION, failure: FAILURE, attempts: ATTEMPTS } = ATTRIBUTES;
const READ = ["transactionId", "version", STATE_VERSION, STATE, FAILURE, ATTEMPTS].join(", ");
const READ_KEYS = 100;
const READS_AT_ONCE = 4;

export class TableReader {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** Rows in the sparse index of what is not terminal. */
  async withoutOutcome(): Promise<number> {
    let count = 0;
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.#client.send(
        new ScanCommand({ TableName: this.#tableName, IndexName: DUE_INDEX, Select: "COUNT", ExclusiveStartKey: from }),
      );
      count += page.Count ?? 0;
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return count;
  }

  async rows(): Promise<TerminalRow[]> {
    const rows: TerminalRow[] = [];
    let from: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.#client.send(
        new ScanCommand({
          TableName: this.#tableName,
          ConsistentRead: true,
          ProjectionExpression: READ,
          ExclusiveStartKey: from,
        }),
      );
      rows.push(...(page.Items ?? []).map(terminalRow));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return rows;
  }

  /** Consistent reads by id, in the order of the ids as far as possible. */
  async rowsOf(transactionIds: readonly string[]): Promise<Map<string, TerminalRow>> {
    const rows = new Map<string, TerminalRow>();
    const batches = Array.from({ length: Math.ceil(transactionIds.length / READ_KEYS) }, (_, index) =>
      transactionIds.slice(index * READ_KEYS, (index + 1) * READ_KEYS),
    );
    const readNext = async (): Promise<void> => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        for (const row of await this.#read(batch)) rows.set(row.transactionId, row);
      }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, readNext));
    return rows;
  }

  /** A whole row as JSON, to show what became of it. */
  async rowText(transactionId: string): Promise<string> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#tableName,
        Key: { transactionId: { S: transactionId } },
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? "not in the table" : JSON.stringify(unmarshall(Item, { wrapNumbers: Number }));
  }

  async #read(transactionIds: readonly string[]): Promise<TerminalRow[]> {
    const rows: TerminalRow[] = [];
    let keys: Record<string, AttributeValue>[] | undefined = transactionIds.map((id) => ({ transactionId: { S: id } }));
    while (keys !== undefined && keys.length > 0) {
      const request: KeysAndAttributes = { Keys: keys, ConsistentRead: true, ProjectionExpression: READ };
      const { Responses, UnprocessedKeys }: BatchGetItemCommandOutput = await this.#client.send(
        new BatchGetItemCommand({ RequestItems: { [this.#tableName]: request } }),
      );
      rows.push(...(Responses?.[this.#tableName] ?? []).map(terminalRow));
      keys = UnprocessedKeys?.[this.#tableName]?.Keys;
    }
    return rows;
  }
}

/** A state counts only for the version it was written for; one without, for a version that cannot be read. */
export function terminalRow(item: Readonly<Record<string, AttributeValue>>): TerminalRow {
  const version = Number(item["version"]?.N);
  const isReadable = Number.isSafeInteger(version) && version >= 1;
  const isCurrent = isReadable ? Number(item[STATE_VERSION]?.N) === version : item[STATE_VERSION] === undefined;
  const failure = item[FAILURE]?.M;
  const resends = isCurrent ? resendsOf(item[ATTEMPTS]) : 0;
  const timedOutAtMs = isCurrent ? timeoutsOf(item[ATTEMPTS]) : [];
  return {
    transactionId: item["transactionId"]?.S ?? "",
    version,
    state: (isCurrent && item[STATE]?.S) || "PENDING",
    ...(failure !== undefined && { failure: { code: failure["code"]?.S ?? "", reason: failure["reason"]?.S ?? "" } }),
    ...(resends > 0 && { resends }),
    ...(timedOutAtMs.length > 0 && { timedOutAtMs }),
  };
}

function timeoutsOf(attempts: AttributeValue | undefined): number[] {
  return (attempts?.L ?? []).flatMap(({ M: attempt }) =>
    attempt?.["outcome"]?.S === "timeout" ? [Number(attempt["at"]?.N) + Number(attempt["durationMs"]?.N)] : [],
  );
}

function resendsOf(attempts: AttributeValue | undefined): number {
  return (attempts?.L ?? []).reduce((sum, { M: attempt }) => sum + (Number(attempt?.["resends"]?.N) || 0), 0);
}
