/**
 * What an execution of `release-due` is claiming just now, in the MerchantGates table: an item for each of its lanes,
 * written before the claims and gone after the sends. Killed in between it leaves the journal, and whoever takes its
 * lease puts the rows back.
 */
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import type { Claim } from "./statements/requeue.ts";

export class ClaimJournal {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** In the place of what that lane had noted before. */
  async note(holder: string, lane: number, claims: readonly Claim[]): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#table,
        Key: keyOf(holder, lane),
        UpdateExpression: "SET claims = :claims",
        ExpressionAttributeValues: { ":claims": { S: JSON.stringify(claims) } },
      }),
    );
  }

  async clear(holder: string, lane: number): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: keyOf(holder, lane) }));
  }

  /** @returns what that execution was claiming when it was last heard of, by lane */
  async read(holder: string, lanes: number): Promise<ReadonlyMap<number, readonly Claim[]>> {
    const Keys = Array.from({ length: lanes }, (_, lane) => keyOf(holder, lane));
    const command = new BatchGetItemCommand({ RequestItems: { [this.#table]: { Keys, ConsistentRead: true } } });
    const { Responses } = await this.#client.send(command);
    const found = (Responses?.[this.#table] ?? []) as AttributeMap[];
    return new Map(
      found.map((row) => {
        const lane = Number(stringOf(row["merchantId"])?.split(" ").at(-1));
        return [lane, JSON.parse(stringOf(row["claims"]) ?? "[]") as readonly Claim[]];
      }),
    );
  }
}

function keyOf(holder: string, lane: number) {
  return { merchantId: { S: `release-due claims ${holder} ${lane}` } };
}
