/**
 * Writes the canary of a minute as any cooperative producer writes a transaction. One that is there already stays as it
 * is: the schedule may run twice in a minute. Its merchant is registered first, once in the life of an environment.
 */
import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { RowKeySettings } from "../../core/settings/row-key-settings.ts";
import { registerOwnMerchant } from "../../core/aws/register-own-merchant.ts";
import { CANARY_MERCHANT_ID, canaryId } from "../../core/merchant/canary.ts";
import { fakeRow, putParameters } from "../../core/transaction/fake-transaction.ts";

export interface CanaryWriterOptions extends RowKeySettings {
  readonly client: DynamoDBClient;
  readonly transactionsTable: string;
  readonly merchantsTable: string;
  readonly confirmationUrl: string;
  readonly randomBytes: (bytes: number) => Buffer;
  readonly nowMs: () => number;
  readonly traceHeader: () => string | undefined;
}

const AMOUNT_CENTS = 1;

/** @returns whether the canary is new */
export function canaryWriter(options: CanaryWriterOptions): (minuteMs: number) => Promise<boolean> {
  const { client, transactionsTable, nowMs, traceHeader } = options;
  let isRegistered = false;
  return async (minuteMs) => {
    if (!isRegistered) await registerOwnMerchant(client, { ...options, merchantId: CANARY_MERCHANT_ID });
    isRegistered = true;
    const trace = traceHeader();
    const transaction = {
      transactionId: canaryId(minuteMs),
      version: 1,
      merchantId: CANARY_MERCHANT_ID,
      occurredAt: new Date(nowMs()),
      amountCents: AMOUNT_CENTS,
      isLast: true,
      ...(trace !== undefined && { traceHeader: trace }),
    };
    try {
      await client.send(new PutItemCommand(putParameters(transactionsTable, fakeRow(transaction, options, nowMs()))));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
}
