/**
 * Reads and changes a merchant's health row in the running stack, as an operator does it in an account: the runbook has
 * the same updates as lines of the AWS CLI.
 */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../core/aws/bounded-client.ts";
import { COMMAND_LIMITS } from "../core/aws/call-limits.ts";
import { MerchantHealthTable } from "../core/aws/merchant-health-table.ts";
import { numberOf } from "../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../core/transaction/row/attributes.ts";
import { waitKeys } from "../core/transaction/row/index-keys.ts";
import { EVERYONE, type MerchantHealth, urlKey, HEALTHY } from "../core/merchant/merchant-health.ts";
import { DUE_INDEX } from "../core/settings/names.ts";
import type { MerchantHealthChange } from "./merchant-health-options.ts";
import { LocalError } from "./local-error.ts";
import { CREDENTIALS, REGION } from "./machine.ts";
import type { StackFile } from "./stack-file.ts";

/** What waits in the table for one merchant's sake. */
export interface Waiting {
  readonly transactions: number;
  /** Epoch milliseconds at which the first is given up. */
  readonly firstGivenUpAt?: number;
}

export interface MerchantHealthState {
  readonly health: MerchantHealth;
  readonly isEverythingPaused: boolean;
  readonly waiting: Waiting;
}

/** The most that `merchantShards` can be. */
const MAX_SHARDS = 64;

export class MerchantHealthRow {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #transactions: string;
  readonly #merchantId: string;

  /** @param merchantId or `*` for everything */
  constructor({ environment, outputs }: StackFile, merchantId: string) {
    this.#client = boundedClient(DynamoDBClient, COMMAND_LIMITS, {
      region: REGION,
      credentials: CREDENTIALS,
      endpoint: environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "",
    });
    this.#table = outputs["MerchantGatesTableName"] ?? "";
    this.#transactions = outputs["TransactionsTableName"] ?? "";
    this.#merchantId = merchantId;
  }

  async state(): Promise<MerchantHealthState> {
    const { healthRows } = await new MerchantHealthTable(this.#client, this.#table).read([this.#merchantId, EVERYONE]);
    return {
      health: healthRows.get(this.#merchantId) ?? HEALTHY,
      isEverythingPaused: healthRows.get(EVERYONE)?.pausedAt !== undefined,
      waiting: await this.#waiting(),
    };
  }

  /** @throws LocalError LOCAL_OPTION_INVALID for a URL that is not disabled */
  async change(change: MerchantHealthChange, now: number): Promise<void> {
    if (change.kind === "pause")
      return this.#update({
        UpdateExpression: "SET pausedAt = if_not_exists(pausedAt, :now)",
        ExpressionAttributeValues: { ":now": { N: String(now) } },
      });
    if (change.kind === "resume") return this.#update({ UpdateExpression: "REMOVE pausedAt" });
    if (change.url === undefined) return this.#update({ UpdateExpression: "REMOVE disabledUrls" });
    const url = urlKey(change.url);
    try {
      await this.#update({
        UpdateExpression: "DELETE disabledUrls :urls",
        ConditionExpression: "contains(disabledUrls, :url)",
        ExpressionAttributeValues: { ":urls": { SS: [url] }, ":url": { S: url } },
      });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new LocalError("LOCAL_OPTION_INVALID", `--enable: ${url} is not disabled for ${this.#merchantId}.`);
    }
  }

  async #waiting(): Promise<Waiting> {
    const dueKeys = waitKeys(this.#merchantId, MAX_SHARDS);
    const parts = await Promise.all(dueKeys.map((dueKey) => this.#waitingUnder(dueKey)));
    const firsts = parts.flatMap(({ firstGivenUpAt }) => (firstGivenUpAt === undefined ? [] : [firstGivenUpAt]));
    return {
      transactions: parts.reduce((sum, { transactions }) => sum + transactions, 0),
      ...(firsts.length > 0 && { firstGivenUpAt: Math.min(...firsts) }),
    };
  }

  async #waitingUnder(dueKey: string): Promise<Waiting> {
    let transactions = 0;
    let firstGivenUpAt: number | undefined;
    let start: Record<string, never> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#transactions,
          IndexName: DUE_INDEX,
          KeyConditionExpression: `${ATTRIBUTES.dueKey} = :dueKey`,
          ExpressionAttributeValues: { ":dueKey": { S: dueKey } },
          ...(start !== undefined && { ExclusiveStartKey: start }),
        }),
      );
      transactions += Items.length;
      firstGivenUpAt ??= numberOf(Items[0]?.[ATTRIBUTES.dueAt]);
      start = LastEvaluatedKey as Record<string, never> | undefined;
    } while (start !== undefined);
    return { transactions, ...(firstGivenUpAt !== undefined && { firstGivenUpAt }) };
  }

  async #update(update: Omit<UpdateItemCommandInput, "TableName" | "Key">): Promise<void> {
    await this.#client.send(
      new UpdateItemCommand({ TableName: this.#table, Key: { merchantId: { S: this.#merchantId } }, ...update }),
    );
  }
}
