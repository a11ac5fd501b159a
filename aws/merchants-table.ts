/** Reads rows of the Merchants table, batched. */
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../core/attribute-value.ts";

export class MerchantsTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  /**
   * @param merchantIds at most 100, each once
   * @returns the rows that exist, and the ids that DynamoDB left unprocessed
   */
  async read(merchantIds: readonly string[]): Promise<{ rows: Map<string, AttributeMap>; unread: Set<string> }> {
    const Keys = merchantIds.map((merchantId) => ({ merchantId: { S: merchantId } }));
    const output = await this.#client.send(
      new BatchGetItemCommand({ RequestItems: { [this.#name]: { Keys, ConsistentRead: true } } }),
    );
    const found = (output.Responses?.[this.#name] ?? []) as AttributeMap[];
    const unread = output.UnprocessedKeys?.[this.#name]?.Keys ?? [];
    return {
      rows: new Map(found.map((row) => [row["merchantId"]?.S ?? "", row])),
      unread: new Set(unread.map((key) => key["merchantId"]?.S ?? "")),
    };
  }
}
