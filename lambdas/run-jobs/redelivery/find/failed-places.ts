/**
 * The failed index as a redelivery goes through it: of one merchant this part's shards, else this part's merchants one
 * after the other. What fails again meanwhile comes back at a later time than the job is of.
 */
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { nextMerchant, type NextMerchant } from "../../../../core/aws/next-merchant.ts";
import type { Job } from "../../../../core/jobs/job.ts";
import { type RedeliverySpec, specOf } from "../../../../core/jobs/redelivery/spec.ts";
import { FAILED_INDEX } from "../../../../core/settings/names.ts";
import { type AttributeMap, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { failedAtFor, failedKeys } from "../../../../core/transaction/row/index-keys.ts";
import { type FindOptions, type IdPage, type Places, sharesOf } from "./places.ts";

interface FailedPlace {
  readonly merchantId: string;
  /** Of those that this part reads. */
  readonly shard: number;
  readonly after?: AttributeMap;
  /** It is of another environment than what is asked for. */
  readonly isOther?: true;
}

const EARLIEST = 0;

export function failedPlaces(job: Job, part: number, options: FindOptions): Places<FailedPlace> {
  const { client, table, merchantsTable, merchantShards } = options;
  const spec = specOf(job);
  const { parts } = job.asked;
  const ofOne = spec.merchantId;
  const shards = ofOne === undefined ? sharesOf(0, 1, merchantShards) : sharesOf(part, parts, merchantShards);
  const merchantAfter = (merchantId: string | undefined) =>
    nextMerchant(client, merchantsTable, { segment: part, segments: parts }, merchantId);
  const beginningOf = (merchant: Pick<NextMerchant, "merchantId"> | NextMerchant | undefined) => {
    if (merchant === undefined || shards.length === 0) return undefined;
    const isOther =
      spec.environment !== undefined && "environment" in merchant && merchant.environment !== spec.environment;
    return { merchantId: merchant.merchantId, shard: 0, ...(isOther && { isOther }) } satisfies FailedPlace;
  };
  return {
    first: async () => beginningOf(ofOne === undefined ? await merchantAfter(undefined) : { merchantId: ofOne }),
    async page({ merchantId, shard, after, isOther }, Limit) {
      if (isOther === true) {
        const passed = beginningOf(await merchantAfter(merchantId));
        return { transactionIds: [], ...(passed !== undefined && { next: passed }) };
      }
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table.name,
          IndexName: FAILED_INDEX,
          ...keysOf(failedKeys(merchantId, merchantShards)[shards[shard] ?? 0] ?? "", spec, job.asked.asOf),
          Limit,
          ...(after !== undefined && { ExclusiveStartKey: after as never }),
        }),
      );
      const transactionIds = (Items as AttributeMap[]).flatMap(({ transactionId }) => stringOf(transactionId) ?? []);
      const next = await placeAfter({ merchantId, shard }, LastEvaluatedKey);
      return { transactionIds, ...(next !== undefined && { next }) } satisfies IdPage<FailedPlace>;
    },
  };

  async function placeAfter(place: FailedPlace, after: AttributeMap | undefined): Promise<FailedPlace | undefined> {
    if (after !== undefined) return { ...place, after };
    if (place.shard + 1 < shards.length) return { merchantId: place.merchantId, shard: place.shard + 1 };
    return ofOne === undefined ? beginningOf(await merchantAfter(place.merchantId)) : undefined;
  }
}

/** Of one reason the times are together; of all of them each row is asked. */
function keysOf(partition: string, { reason, from, to }: RedeliverySpec, asOf: number) {
  const within = reason === undefined ? "" : ` AND ${ATTRIBUTES.failedAt} BETWEEN :from AND :to`;
  return {
    KeyConditionExpression: `${ATTRIBUTES.failedKey} = :partition${within}`,
    ExpressionAttributeValues: {
      ":partition": { S: partition },
      ...(reason !== undefined && {
        ":from": { S: failedAtFor(reason, from ?? EARLIEST) },
        ":to": { S: failedAtFor(reason, Math.min(to ?? asOf, asOf)) },
      }),
    },
  };
}
