/** Tokens of a merchant's rate limit, which all tasks take from one item: who takes what is not there gets none. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { numberOf } from "../transaction/attribute-value.ts";
import { TOKENS_PREFIX } from "../merchant/merchant-health.ts";
import { number, updateMerchantHealth } from "./update-merchant-health.ts";

/** Tries at taking tokens, one after the other without a wait. */
const MAX_TOKEN_ROUNDS = 4;
/** Milliseconds by which clocks of tasks may differ; more is a clock that is wrong. */
const MAX_CLOCK_SKEW_MS = 10_000;

/**
 * Takes tokens of one slot of time, as many as are left of those asked for; one write where there are enough or none.
 * A later slot than this one was begun by a task whose clock is ahead; one that is much later, by a clock that is
 * wrong, and does not count.
 *
 * @param rounds left, since others may be faster each time, or the row hold what no condition fits: none are taken
 * then
 * @returns how many, from 0 to as many as were asked for
 */
export async function takeTokens(
  client: DynamoDBClient,
  table: string,
  merchantId: string,
  slot: number,
  asked: number,
  tokensASlot: number,
  rounds = MAX_TOKEN_ROUNDS,
): Promise<number> {
  const count = Math.min(asked, tokensASlot);
  const tokens = tokensId(merchantId);
  const values = { ":slot": number(slot), ":count": number(count) };
  const row = await updateMerchantHealth(client, table, tokens, {
    update: "SET rateTaken = rateTaken + :count",
    condition: "rateSlot = :slot AND rateTaken <= :most",
    values: { ...values, ":most": number(tokensASlot - count) },
  });
  if (row === undefined) return count;
  const begun = numberOf(row["rateSlot"]);
  if (begun === slot) {
    const left = tokensASlot - (numberOf(row["rateTaken"]) ?? 0);
    if (left <= 0 || left >= count || rounds <= 1) return 0;
    return takeTokens(client, table, merchantId, slot, left, tokensASlot, rounds - 1);
  }
  if (begun !== undefined && begun > slot && begun <= slot + MAX_CLOCK_SKEW_MS) return 0;
  const lost = await updateMerchantHealth(client, table, tokens, {
    update: "SET rateSlot = :slot, rateTaken = :count",
    condition:
      begun === undefined
        ? "attribute_not_exists(rateSlot) OR NOT attribute_type(rateSlot, :number)"
        : "rateSlot = :begun",
    // As it was read, with every digit.
    values: { ...values, ...(begun === undefined ? { ":number": { S: "N" } } : { ":begun": row["rateSlot"] ?? {} }) },
  });
  if (lost === undefined) return count;
  return rounds <= 1 ? 0 : takeTokens(client, table, merchantId, slot, count, tokensASlot, rounds - 1);
}

/**
 * Of an item of its own: tokens change many times a second, and an item that is throttled must not be the health row.
 */
function tokensId(merchantId: string): string {
  return `${TOKENS_PREFIX}${merchantId}`;
}
