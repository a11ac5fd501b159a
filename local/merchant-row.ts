/**
 * Reads and changes a merchant's row in the running stack. Every change is one update; a rotation is refused if the
 * keys changed meanwhile.
 */
import { randomBytes } from "node:crypto";
import {
  ConditionalCheckFailedException,
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../core/aws/bounded-client.ts";
import { COMMAND_LIMITS } from "../core/aws/call-limits.ts";
import { importUpdate, overlapUntil, type RotationUpdate, rotationUpdate } from "../core/signing/key-rotation.ts";
import { type Merchant, parseMerchant } from "../core/merchant/merchant.ts";
import type { LimitChanges } from "./merchant-health-options.ts";
import { LocalError } from "./local-error.ts";
import type { RetryScheduleChange } from "./merchant-options.ts";
import { CREDENTIALS, REGION } from "./machine.ts";
import type { StackFile } from "./stack-file.ts";

type Row = Record<string, AttributeValue>;

export interface KeyChangeOptions {
  readonly overlapMs: number;
  /** Change them although that ends an overlap at once. */
  readonly force: boolean;
  readonly now: number;
}

export interface RotateOptions extends KeyChangeOptions {
  readonly keyVersion: string;
}

/** `whsec_…` to what KMS makes of it for this merchant. */
export type EncryptSecret = (secret: string) => Promise<Uint8Array>;

const SALT_BYTES = 16;

export class MerchantRow {
  readonly #client: DynamoDBClient;
  readonly #place: { readonly TableName: string | undefined; readonly Key: Row };
  readonly #merchantId: string;

  constructor({ environment, outputs }: StackFile, merchantId: string) {
    this.#client = boundedClient(DynamoDBClient, COMMAND_LIMITS, {
      region: REGION,
      credentials: CREDENTIALS,
      endpoint: environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "",
    });
    this.#place = { TableName: outputs["MerchantsTableName"], Key: { merchantId: { S: merchantId } } };
    this.#merchantId = merchantId;
  }

  async read(): Promise<Merchant> {
    return this.#parse(await this.#read());
  }

  /** Salt and secret stay as they are once the merchant has them. */
  async register(url: string): Promise<Merchant> {
    const { Attributes: row = {} } = await this.#client.send(
      new UpdateItemCommand({
        ...this.#place,
        UpdateExpression: "SET confirmationUrl = :url, secretSalt = if_not_exists(secretSalt, :salt)",
        ExpressionAttributeValues: { ":url": { S: url }, ":salt": { S: newSalt() } },
        ReturnValues: "ALL_NEW",
      }),
    );
    return this.#parse(row);
  }

  /** @throws LocalError LOCAL_OPTION_INVALID for a merchant that is not there */
  async setRetrySchedule(change: RetryScheduleChange): Promise<Merchant> {
    await this.#read();
    const { Attributes: row = {} } = await this.#client.send(
      new UpdateItemCommand({
        ...this.#place,
        ...(change === "default"
          ? { UpdateExpression: "REMOVE retryScheduleSeconds" }
          : {
              UpdateExpression: "SET retryScheduleSeconds = :waits",
              ExpressionAttributeValues: { ":waits": { L: change.map((wait) => ({ N: String(wait) })) } },
            }),
        ReturnValues: "ALL_NEW",
      }),
    );
    return this.#parse(row);
  }

  /** @throws LocalError LOCAL_OPTION_INVALID for a merchant that is not there */
  async setLimits(changes: LimitChanges): Promise<Merchant> {
    await this.#read();
    const set = Object.entries(changes).filter(([, limit]) => limit !== "none");
    const gone = Object.entries(changes).filter(([, limit]) => limit === "none");
    const clauses = [
      set.length > 0 && `SET ${set.map(([name]) => `${name} = :${name}`).join(", ")}`,
      gone.length > 0 && `REMOVE ${gone.map(([name]) => name).join(", ")}`,
    ].filter((clause) => clause !== false);
    const { Attributes: row = {} } = await this.#client.send(
      new UpdateItemCommand({
        ...this.#place,
        UpdateExpression: clauses.join(" "),
        ...(set.length > 0 && {
          ExpressionAttributeValues: Object.fromEntries(set.map(([name, limit]) => [`:${name}`, { N: String(limit) }])),
        }),
        ReturnValues: "ALL_NEW",
      }),
    );
    return this.#parse(row);
  }

  /** @throws LocalError LOCAL_ROTATION_REFUSED */
  async rotate({ keyVersion, ...options }: RotateOptions): Promise<Merchant> {
    const { now, overlapMs } = options;
    return this.#changeKeys(options, async (row, merchant) =>
      rotationUpdate(row, merchant, { salt: newSalt(), keyVersion, now, overlapMs }),
    );
  }

  /** @throws LocalError LOCAL_ROTATION_REFUSED */
  async importSecret(secret: string, encrypt: EncryptSecret, options: KeyChangeOptions): Promise<Merchant> {
    const encryptedSecret = await encrypt(secret);
    return this.#changeKeys(options, async (row, merchant) =>
      importUpdate(row, merchant, {
        encryptedSecret,
        ...(merchant.secret !== undefined && { encryptedBefore: await encrypt(merchant.secret) }),
        ...options,
      }),
    );
  }

  async isRegistered(): Promise<boolean> {
    const { Item: row } = await this.#client.send(new GetItemCommand({ ...this.#place, ConsistentRead: true }));
    return row !== undefined;
  }

  async #changeKeys(
    { now, force }: KeyChangeOptions,
    updateOf: (row: Row, merchant: Merchant) => Promise<RotationUpdate>,
  ): Promise<Merchant> {
    const row = await this.#read();
    const merchant = this.#parse(row);
    const until = overlapUntil(merchant, now);
    if (until !== undefined && !force)
      throw this.#refused(
        `was rotated before, and the key before signs too until ${new Date(until).toISOString()}. ` +
          "Rotating now would end that at once; wait, or add --force",
      );
    try {
      const { Attributes: changed = {} } = await this.#client.send(
        new UpdateItemCommand({ ...this.#place, ...(await updateOf(row, merchant)), ReturnValues: "ALL_NEW" }),
      );
      return this.#parse(changed);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException)
        throw this.#refused("was changed by somebody else at the same time; look at it, then rotate again if need be");
      throw error;
    }
  }

  async #read(): Promise<Row> {
    const { Item: row } = await this.#client.send(new GetItemCommand({ ...this.#place, ConsistentRead: true }));
    if (row === undefined)
      throw new LocalError(
        "LOCAL_OPTION_INVALID",
        `There is no merchant ${this.#merchantId}; register it with --url <webhook URL>.`,
      );
    return row;
  }

  #parse(row: Row): Merchant {
    const parsed = parseMerchant(row);
    if ("merchant" in parsed) return parsed.merchant;
    throw new LocalError(
      "LOCAL_OPTION_INVALID",
      `The row of merchant ${this.#merchantId} cannot be used: ${parsed.faults.join("; ")}. Correct it in the table.`,
    );
  }

  #refused(why: string): LocalError {
    return new LocalError("LOCAL_ROTATION_REFUSED", `Merchant ${this.#merchantId} ${why}.`);
  }
}

function newSalt(): string {
  return randomBytes(SALT_BYTES).toString("base64");
}
