/**
 * Creates the template's tables with their keys, indexes, stream and time to live. A table that is there from an
 * earlier start is kept, and must have the shape that the template asks for. Encryption, backups and deletion
 * protection have no part on this machine.
 */
import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  type LocalSecondaryIndex,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { listOf, objectOf, type ResolvedResource } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";

export interface LocalTable {
  readonly name: string;
  readonly keyName: string;
  readonly streamArn: string | undefined;
  /** It was there from an earlier start. */
  readonly kept: boolean;
}

export type NamedResource = ResolvedResource & { readonly name: string };

export async function createTables(dynamodb: DynamoDBClient, tables: readonly NamedResource[]): Promise<LocalTable[]> {
  const made: LocalTable[] = [];
  for (const table of tables) {
    const there = await describe(dynamodb, table.name);
    if (there !== undefined) requireSameShape(table, there);
    const description = there ?? (await create(dynamodb, table));
    const [key] = listOf(table, "KeySchema") as KeySchemaElement[];
    made.push({
      name: table.name,
      keyName: key?.AttributeName ?? "",
      streamArn: description.LatestStreamArn,
      kept: there !== undefined,
    });
  }
  return made;
}

async function describe(dynamodb: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function create(dynamodb: DynamoDBClient, table: NamedResource): Promise<TableDescription> {
  const indexes = indexesOf(table);
  const local = listOf(table, "LocalSecondaryIndexes") as LocalSecondaryIndex[];
  const view = objectOf(table, "StreamSpecification")["StreamViewType"];
  const created = await dynamodb.send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: listOf(table, "AttributeDefinitions") as AttributeDefinition[],
      KeySchema: listOf(table, "KeySchema") as KeySchemaElement[],
      ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
      ...(local.length > 0 && { LocalSecondaryIndexes: local }),
      ...(view !== undefined && {
        StreamSpecification: {
          StreamEnabled: true,
          StreamViewType: view,
        } as CreateTableCommandInput["StreamSpecification"],
      }),
    }),
  );
  const timeToLive = objectOf(table, "TimeToLiveSpecification");
  if (timeToLive["Enabled"] === true) {
    await dynamodb.send(
      new UpdateTimeToLiveCommand({
        TableName: table.name,
        TimeToLiveSpecification: { AttributeName: String(timeToLive["AttributeName"]), Enabled: true },
      }),
    );
  }
  return created.TableDescription ?? {};
}

function indexesOf(table: ResolvedResource): GlobalSecondaryIndex[] {
  return (listOf(table, "GlobalSecondaryIndexes") as GlobalSecondaryIndex[]).map(
    ({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }),
  );
}

function requireSameShape(table: NamedResource, there: TableDescription): void {
  const wanted = shapeOf(listOf(table, "KeySchema") as KeySchemaElement[], [
    ...indexesOf(table),
    ...(listOf(table, "LocalSecondaryIndexes") as LocalSecondaryIndex[]),
  ]);
  const found = shapeOf(there.KeySchema ?? [], [
    ...(there.GlobalSecondaryIndexes ?? []),
    ...(there.LocalSecondaryIndexes ?? []),
  ]);
  if (wanted === found) return;
  throw new LocalError(
    "LOCAL_STATE_MISMATCH",
    `The kept table ${table.name} has the keys ${found}, the template asks for ${wanted}; start with ` +
      "--fresh to throw the kept state away, or with --state and another directory.",
  );
}

function shapeOf(
  keys: readonly KeySchemaElement[],
  indexes: readonly {
    readonly IndexName?: string | undefined;
    readonly KeySchema?: readonly KeySchemaElement[] | undefined;
  }[],
): string {
  const named = indexes.map((index) => `${index.IndexName}(${namesOf(index.KeySchema ?? [])})`).toSorted();
  return [namesOf(keys), ...named].join(", ");
}

function namesOf(keys: readonly KeySchemaElement[]): string {
  return keys.map(({ AttributeName }) => AttributeName).join("+");
}
