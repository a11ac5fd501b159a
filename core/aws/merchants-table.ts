/** Reads rows of the Merchants table, batched. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { bySdkAlone, type FastPathCall } from "./fast-path/fast-path-call.ts";
import { type FoundRows, readMerchantRows } from "./merchant-rows.ts";

export class MerchantsTable {
  readonly #client: DynamoDBClient;
  readonly #call: FastPathCall;
  readonly #name: string;

  /** @param call makes the frequent calls. @default the client itself */
  constructor(client: DynamoDBClient, name: string, call: FastPathCall = bySdkAlone) {
    this.#client = client;
    this.#call = call;
    this.#name = name;
  }

  /**
   * @param merchantIds at most 100, each once
   * @returns the rows that exist, and the ids that DynamoDB left unprocessed
   */
  async read(merchantIds: readonly string[]): Promise<FoundRows> {
    const found = await readMerchantRows(this.#client, { [this.#name]: merchantIds }, this.#call);
    return found(this.#name);
  }
}
