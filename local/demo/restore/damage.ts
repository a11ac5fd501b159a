/**
 * What goes wrong in the drill: a script goes over the table and deletes rows, puts others as a producer would with
 * another amount, so that whatever became of them is wiped, and lowers versions. Or the whole table is emptied.
 */
import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { ATTRIBUTE_NAMES } from "../../../core/transaction/row/attributes.ts";
import type { Random } from "../seeded-random.ts";

type Row = Readonly<Record<string, AttributeValue>>;
export type Harm = "deleted" | "overwritten" | "version lowered" | "none";

const SHARES: readonly (readonly [Harm, number])[] = [
  ["deleted", 0.4],
  ["overwritten", 0.25],
  ["version lowered", 0.1],
];
const DELETES = 25;
const AT_ONCE = 16;
/** More than any transaction of the demo has. */
export const OTHER_AMOUNT = "99999.99";

/** @param isAll whether the table is emptied. @returns how many rows of each kind */
export async function damage(
  client: DynamoDBClient,
  table: string,
  random: Random,
  isAll: boolean,
): Promise<Readonly<Record<Harm, number>>> {
  const rows = await rowsOf(client, table);
  const harmed = Map.groupBy(rows, (row) => (isAll ? "deleted" : harmFor(row, random())));
  await remove(client, table, harmed.get("deleted") ?? []);
  const puts = [
    ...(harmed.get("overwritten") ?? []).map(overwritten),
    ...(harmed.get("version lowered") ?? []).map(versionLowered),
  ];
  for (let start = 0; start < puts.length; start += AT_ONCE)
    await Promise.all(
      puts.slice(start, start + AT_ONCE).map((Item) => client.send(new PutItemCommand({ TableName: table, Item }))),
    );
  const count = (harm: Harm) => harmed.get(harm)?.length ?? 0;
  return {
    deleted: count("deleted"),
    overwritten: count("overwritten"),
    "version lowered": count("version lowered"),
    none: count("none"),
  };
}

/** @param draw in [0, 1) */
export function harmFor(row: Row, draw: number): Harm {
  let reached = 0;
  const harm = SHARES.find(([, share]) => draw < (reached += share))?.[0] ?? "none";
  // One with an amount that cannot be read would be mended by it.
  const isPossible = harm === "version lowered" ? Number(row["version"]?.N) > 1 : row["amount"]?.S !== undefined;
  return harm === "deleted" || isPossible ? harm : "none";
}

function overwritten(row: Row): Row {
  return { ...asProduced(row), amount: { S: OTHER_AMOUNT } };
}

function versionLowered(row: Row): Row {
  return { ...asProduced(row), version: { N: "1" } };
}

/** Without what the pipeline wrote. */
function asProduced(row: Row): Row {
  const own: ReadonlySet<string> = new Set(ATTRIBUTE_NAMES);
  return Object.fromEntries(Object.entries(row).filter(([name]) => !own.has(name)));
}

async function rowsOf(client: DynamoDBClient, table: string): Promise<Row[]> {
  const rows: Row[] = [];
  let next: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: next }),
    );
    rows.push(...Items);
    next = LastEvaluatedKey;
  } while (next !== undefined);
  return rows;
}

async function remove(client: DynamoDBClient, table: string, rows: readonly Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += DELETES) {
    let left: WriteRequest[] = rows.slice(start, start + DELETES).map(({ transactionId }) => ({
      DeleteRequest: { Key: { transactionId: transactionId as AttributeValue } },
    }));
    while (left.length > 0) {
      const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }));
      left = UnprocessedItems?.[table] ?? [];
    }
  }
}
