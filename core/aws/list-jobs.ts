/** Jobs of a kind, the newest first, by an index that follows its table; the jobs themselves are read as they are. */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { type Job, JOB_ROW, type JobKind } from "../jobs/job.ts";
import { JOBS_INDEX } from "../settings/names.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";
import type { JobStore } from "./job-store.ts";

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Where the next page begins; missing after the last one. */
  readonly next?: JobPlace;
}

export interface JobPlace {
  readonly jobId: string;
  readonly listedAt: string;
}

export async function listJobs(
  client: DynamoDBClient,
  store: Pick<JobStore, "table" | "job">,
  kind: JobKind,
  Limit: number,
  after: JobPlace | undefined,
): Promise<JobPage> {
  const { Items = [], LastEvaluatedKey: last } = await client.send(
    new QueryCommand({
      TableName: store.table,
      IndexName: JOBS_INDEX,
      KeyConditionExpression: `${JOB_ROW.listedAs} = :kind`,
      ExpressionAttributeValues: { ":kind": { S: kind } },
      ScanIndexForward: false,
      Limit,
      ...(after !== undefined && {
        ExclusiveStartKey: {
          [JOB_ROW.jobId]: { S: after.jobId },
          [JOB_ROW.listedAs]: { S: kind },
          [JOB_ROW.listedAt]: { S: after.listedAt },
        },
      }),
    }),
  );
  const jobs = await Promise.all(
    (Items as AttributeMap[]).map((item) => store.job(stringOf(item[JOB_ROW.jobId]) ?? "")),
  );
  const [jobId, listedAt] = [last?.[JOB_ROW.jobId]?.S, last?.[JOB_ROW.listedAt]?.S];
  return {
    jobs: jobs.filter((job) => job !== undefined),
    ...(jobId !== undefined && listedAt !== undefined && { next: { jobId, listedAt } }),
  };
}
