/**
 * A merchant's days in the merchant index, the oldest first, as a redelivery goes through them. They are days of
 * occurrence, and what is asked for are times of the end, which come later: so it begins long before.
 */
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Job } from "../../../../core/jobs/job.ts";
import { specOf } from "../../../../core/jobs/redelivery/spec.ts";
import { MERCHANT_INDEX } from "../../../../core/settings/names.ts";
import { type AttributeMap, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { merchantDayKeys } from "../../../../core/transaction/row/index-keys.ts";
import { type FindOptions, type Places, sharesOf } from "./places.ts";

interface DayPlace {
  /** `2026-11-22` */
  readonly day: string;
  /** Of those that this part reads. */
  readonly shard: number;
  readonly after?: AttributeMap;
}

const DAY_MS = 86_400_000;
/** Days that a transaction may have occurred before it became terminal. */
const LOOK_BACK_DAYS = 92;
/** Clocks of producers differ, and so do their days. */
const LOOK_AHEAD_DAYS = 1;

export function dayPlaces(job: Job, part: number, options: FindOptions): Places<DayPlace> {
  const { client, table, merchantShards, settledDays } = options;
  const { merchantId = "", from, to } = specOf(job);
  const { asOf, parts } = job.asked;
  const shards = sharesOf(part, parts, merchantShards);
  const begin = (from ?? asOf - settledDays * DAY_MS) - LOOK_BACK_DAYS * DAY_MS;
  const last = dayOf(Math.min(to ?? asOf, asOf) + LOOK_AHEAD_DAYS * DAY_MS);
  return {
    first: async () => (shards.length === 0 ? undefined : { day: dayOf(Math.max(0, begin)), shard: 0 }),
    async page({ day, shard, after }, Limit) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: MERCHANT_INDEX,
          KeyConditionExpression: `${ATTRIBUTES.merchantKey} = :partition`,
          ExpressionAttributeValues: {
            ":partition": { S: merchantDayKeys(merchantId, day, merchantShards)[shards[shard] ?? 0] ?? "" },
          },
          Limit,
          ...(after !== undefined && { ExclusiveStartKey: after as never }),
        }),
      );
      const transactionIds = (Items as AttributeMap[]).flatMap(({ transactionId }) => stringOf(transactionId) ?? []);
      const next = placeAfter({ day, shard }, LastEvaluatedKey);
      return { transactionIds, ...(next !== undefined && { next }) };
    },
  };

  function placeAfter({ day, shard }: DayPlace, after: AttributeMap | undefined): DayPlace | undefined {
    if (after !== undefined) return { day, shard, after };
    if (shard + 1 < shards.length) return { day, shard: shard + 1 };
    const tomorrow = dayOf(Date.parse(day) + DAY_MS);
    return tomorrow > last ? undefined : { day: tomorrow, shard: 0 };
  }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
