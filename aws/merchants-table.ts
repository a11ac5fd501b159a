/** Reads rows of the Merchants table, batched. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../core/attribute-value.ts";
import { readMerchantRows } from "./merchant-rows.ts";

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
  read(merchantIds: readonly string[]): Promise<{ rows: Map<string, AttributeMap>; unread: Set<string> }> {
    return readMerchantRows(this.#client, this.#name, merchantIds);
  }
}
