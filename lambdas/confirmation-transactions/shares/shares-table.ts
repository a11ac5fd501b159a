/**
 * Shares of merchants in the gates table. To take a lease is a condition on what was read; to add one for a call that
 * is late already, and to give one back, are none, as they happened. Each write changes the version, so that a lease is
 * only taken by who has seen them all.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { FastPathCall } from "../../../core/aws/fast-path/fast-path-call.ts";
import { readMerchantRows } from "../../../core/aws/merchant-rows.ts";
import type { AttributeValue } from "../../../core/transaction/attribute-value.ts";
import {
  type Lease,
  leaseAttribute,
  leaseValue,
  MOST_DEMERITS,
  NO_SHARE,
  parseShare,
  type Share,
  shareId,
} from "./share.ts";

/** What calls under a lease have shown. */
export interface News {
  readonly isQuick: boolean;
  readonly isAnswered: boolean;
  readonly unanswered: number;
  /** To be added to those of the merchant. */
  readonly demerits: number;
}

interface Update {
  readonly expression: string;
  readonly condition?: string;
  readonly names?: Record<string, string>;
  readonly values: Record<string, AttributeValue>;
}

const ONE = { N: "1" };

export class SharesTable {
  readonly #client: DynamoDBClient;
  readonly #call: FastPathCall;
  readonly #name: string;

  constructor(client: DynamoDBClient, name: string, call: FastPathCall) {
    this.#client = client;
    this.#call = call;
    this.#name = name;
  }

  /** @param merchantIds at most 100, each once. @returns those that could be read */
  async read(merchantIds: readonly string[]): Promise<ReadonlyMap<string, Share>> {
    const ids = merchantIds.map(shareId);
    const { rows, unread } = (await readMerchantRows(this.#client, { [this.#name]: ids }, this.#call))(this.#name);
    return new Map(
      merchantIds.flatMap((merchantId) => {
        const id = shareId(merchantId);
        const row = rows.get(id);
        return unread.has(id) ? [] : [[merchantId, row === undefined ? NO_SHARE : parseShare(row)] as const];
      }),
    );
  }

  /**
   * @param seen what it was allowed by
   * @returns the share as it is now, and whether the lease was taken
   */
  async take(
    merchantId: string,
    leaseId: string,
    lease: Lease,
    seen: Share,
  ): Promise<{ readonly isTaken: boolean; readonly share: Share }> {
    const over = [...seen.leases].filter(([, { until }]) => until <= lease.since).map(([id]) => id);
    const names = Object.fromEntries(over.map((id, index) => [`#over${index}`, leaseAttribute(id)]));
    const remove = over.length > 0 ? ` REMOVE ${Object.keys(names).join(", ")}` : "";
    const version = { ":seen": { N: String(seen.version) }, ":next": { N: String(seen.version + 1) } };
    try {
      const share = await this.#update(merchantId, {
        expression: `SET #lease = :lease, version = :next${remove}`,
        condition: seen.version === 0 ? "attribute_not_exists(version) OR version = :seen" : "version = :seen",
        names: { ...names, "#lease": leaseAttribute(leaseId) },
        values: { ":lease": leaseValue(lease), ...version },
      });
      return { isTaken: true, share };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { isTaken: false, share: parseShare(error.Item ?? {}) };
    }
  }

  /** A call that began without a lease is late: nobody trusts its merchant any more. */
  late(merchantId: string, leaseId: string, lease: Lease): Promise<Share> {
    return this.#update(merchantId, {
      expression: "SET #lease = :lease REMOVE quickAt ADD version :one",
      names: { "#lease": leaseAttribute(leaseId) },
      values: { ":lease": leaseValue(lease), ":one": ONE },
    });
  }

  /**
   * @param seen as it was last seen
   * @param leaseId that is given back. @default none: the merchant is trusted, and that is told anew
   */
  tell(merchantId: string, news: News, now: number, seen: Share, leaseId?: string): Promise<Share> {
    const { isQuick, isAnswered, unanswered } = news;
    const demerits = Math.min(MOST_DEMERITS, Math.max(0, seen.demerits + news.demerits));
    const set = [
      ...(isQuick ? ["quickAt = :now"] : []),
      ...(isAnswered ? ["respondedAt = :now", "unanswered = :none"] : []),
      ...(news.demerits === 0 ? [] : ["demerits = :demerits"]),
    ];
    const isCounted = !isAnswered && unanswered > 0;
    return this.#update(merchantId, {
      expression:
        (set.length > 0 ? `SET ${set.join(", ")} ` : "") +
        (leaseId === undefined ? "" : "REMOVE #lease ") +
        `ADD version :one${isCounted ? ", unanswered :unanswered" : ""}`,
      ...(leaseId !== undefined && { names: { "#lease": leaseAttribute(leaseId) } }),
      values: {
        ":one": ONE,
        ...(news.demerits !== 0 && { ":demerits": { N: String(demerits) } }),
        ...((isQuick || isAnswered) && { ":now": { N: String(now) } }),
        ...(isAnswered && { ":none": { N: "0" } }),
        ...(isCounted && { ":unanswered": { N: String(unanswered) } }),
      },
    });
  }

  /** @returns the share as it is now */
  async #update(merchantId: string, { expression, condition, names, values }: Update): Promise<Share> {
    const { Attributes } = await this.#client.send(
      new UpdateItemCommand({
        TableName: this.#name,
        Key: { merchantId: { S: shareId(merchantId) } },
        UpdateExpression: expression,
        ReturnValues: "ALL_NEW",
        ExpressionAttributeValues: values as never,
        ...(names !== undefined && { ExpressionAttributeNames: names }),
        ...(condition !== undefined && {
          ConditionExpression: condition,
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      }),
    );
    return parseShare(Attributes ?? {});
  }
}
