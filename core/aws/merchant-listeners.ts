/**
 * Leases of listeners on their merchant's row, once they were given: renewed and given back without an entry of the
 * audit log, which has when each one began.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { LISTENER_LEASE_MS, LISTENERS } from "../merchant/listeners.ts";
import { DELETED_AT } from "../merchant/tombstone.ts";

export class MerchantListeners {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @param now epoch milliseconds. @returns false where it has no lease, be it over or not */
  renew(merchantId: string, listenerId: string, now: number): Promise<boolean> {
    return this.#update(merchantId, listenerId, `SET ${LISTENERS}.#id = :until`, {
      ":until": { N: String(now + LISTENER_LEASE_MS) },
    });
  }

  /** @returns false where it had none */
  end(merchantId: string, listenerId: string): Promise<boolean> {
    return this.#update(merchantId, listenerId, `REMOVE ${LISTENERS}.#id`);
  }

  async #update(
    merchantId: string,
    listenerId: string,
    UpdateExpression: string,
    values?: Record<string, { N: string }>,
  ): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { merchantId: { S: merchantId } },
          UpdateExpression,
          ConditionExpression: `attribute_exists(${LISTENERS}.#id) AND attribute_not_exists(${DELETED_AT})`,
          ExpressionAttributeNames: { "#id": listenerId },
          ...(values !== undefined && { ExpressionAttributeValues: values }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}
