/**
 * What operators change of a merchant's health row, or of everybody's: pause and disabled URLs; each change in one
 * transaction with its entry of the audit log.
 */
import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { AuditEntry } from "../audit-log/audit-entry.ts";
import { HEALTHY, type MerchantHealth, parseMerchantHealth } from "../merchant/merchant-health.ts";
import type { AttributeValue } from "../transaction/attribute-value.ts";
import type { AuditedWrite, AuditedWrites } from "./audited-writes.ts";
import { MAX_DISABLED_URLS } from "./merchant-health-table.ts";

export class MerchantHealthActs {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #audited: AuditedWrites;

  constructor(client: DynamoDBClient, table: string, audited: AuditedWrites) {
    this.#client = client;
    this.#table = table;
    this.#audited = audited;
  }

  /** Consistently. */
  async read(merchantId: string): Promise<MerchantHealth> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(merchantId), ConsistentRead: true }),
    );
    return Item === undefined ? HEALTHY : parseMerchantHealth(Item);
  }

  /** @returns refused where it is paused already */
  pause(merchantId: string, nowMs: number, entry: AuditEntry): Promise<AuditedWrite> {
    return this.#write(merchantId, entry, "SET pausedAt = :now", "attribute_not_exists(pausedAt)", {
      ":now": { N: String(nowMs) },
    });
  }

  /** @returns refused where it is not paused */
  resume(merchantId: string, entry: AuditEntry): Promise<AuditedWrite> {
    return this.#write(merchantId, entry, "REMOVE pausedAt", "attribute_exists(pausedAt)");
  }

  /** @param urlKey as `urlKey` makes it. @returns refused where it is disabled, or as many are as there may be */
  disable(merchantId: string, urlKey: string, entry: AuditEntry): Promise<AuditedWrite> {
    return this.#write(
      merchantId,
      entry,
      "ADD disabledUrls :urls",
      "attribute_not_exists(disabledUrls) OR (size(disabledUrls) < :most AND NOT contains(disabledUrls, :url))",
      { ":urls": { SS: [urlKey] }, ":url": { S: urlKey }, ":most": { N: String(MAX_DISABLED_URLS) } },
    );
  }

  /** @returns refused where it is not disabled */
  enable(merchantId: string, urlKey: string, entry: AuditEntry): Promise<AuditedWrite> {
    return this.#write(merchantId, entry, "DELETE disabledUrls :urls", "contains(disabledUrls, :url)", {
      ":urls": { SS: [urlKey] },
      ":url": { S: urlKey },
    });
  }

  /** The same as one act of others; of no effect where it is not disabled. */
  enableAct(merchantId: string, urlKey: string): TransactWriteItem {
    return {
      Update: {
        TableName: this.#table,
        Key: keyOf(merchantId),
        UpdateExpression: "DELETE disabledUrls :urls",
        ConditionExpression: "attribute_exists(merchantId)",
        ExpressionAttributeValues: { ":urls": { SS: [urlKey] } },
      },
    };
  }

  /** @returns refused where none is disabled */
  enableAll(merchantId: string, entry: AuditEntry): Promise<AuditedWrite> {
    return this.#write(merchantId, entry, "REMOVE disabledUrls", "attribute_exists(disabledUrls)");
  }

  #write(
    merchantId: string,
    entry: AuditEntry,
    update: string,
    condition: string,
    values?: Readonly<Record<string, AttributeValue>>,
  ): Promise<AuditedWrite> {
    const act: TransactWriteItem = {
      Update: {
        TableName: this.#table,
        Key: keyOf(merchantId),
        UpdateExpression: update,
        ConditionExpression: condition,
        ...(values !== undefined && { ExpressionAttributeValues: values as never }),
      },
    };
    return this.#audited.write(entry, [act]);
  }
}

function keyOf(merchantId: string): { merchantId: { S: string } } {
  return { merchantId: { S: merchantId } };
}
