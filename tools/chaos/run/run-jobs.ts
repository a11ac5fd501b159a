/** Jobs of a run as they are in their table: read with plain calls, not through the pipeline's code. */
import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";

export interface RunJob {
  readonly jobId: string;
  readonly state: string;
  /** Or counted, and nobody has started it. */
  readonly isOver: boolean;
  readonly totals: Readonly<Record<string, number>>;
  /** Of a dry run that is over. */
  readonly counted?: Readonly<Record<string, number>>;
}

/** @param tableName of all that is asked for; rows of a job have a time by which they are listed */
export async function runJobs(client: DynamoDBClient, tableName: string): Promise<RunJob[]> {
  const jobs: RunJob[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    jobs.push(...(page.Items ?? []).filter((item) => item["listedAt"] !== undefined).map(runJob));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return jobs;
}

function runJob(item: Record<string, AttributeValue>): RunJob {
  const counted = item["counted"]?.S;
  return {
    jobId: item["jobId"]?.S ?? "",
    state: item["state"]?.S ?? "",
    isOver: item["doneAt"] !== undefined || item["state"]?.S === "counted",
    totals: JSON.parse(item["totals"]?.S ?? "{}") as RunJob["totals"],
    ...(counted !== undefined && { counted: (JSON.parse(counted) as { totals: RunJob["totals"] }).totals }),
  };
}
