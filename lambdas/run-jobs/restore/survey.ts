/**
 * Looks what there is to ask before anything is compared: the table's stream and whether it is whole, files of the
 * journal and the times that they leave out. And it turns the table's time to live off, or rows would go that the
 * restore is about to compare.
 */
import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { JournalFiles } from "../../../core/aws/journal-files.ts";
import { describeStream } from "../../../core/aws/stream-pages.ts";
import type { TimeToLive } from "../../../core/aws/time-to-live.ts";
import type { JournalFileName } from "../../../core/journal/journal-key.ts";
import type { RestorePlanSpec, Survey } from "../../../core/jobs/restore/spec.ts";
import { journalGaps, type TimeSpan } from "../../../core/restore/journal-gaps.ts";

export interface SurveyParts {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDBStreamsClient;
  readonly transactionsTable: string;
  readonly journal: Pick<JournalFiles, "firstAt" | "list">;
  readonly timeToLive: Pick<TimeToLive, "turn">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;
/** Of the 24 hours that a stream keeps, when it begins to be read, and when it was read. */
const STREAM_KEPT_MS = 23 * HOUR_MS;
const STREAM_READ_WITHIN_MS = 24 * HOUR_MS - 60_000;
/** Before the backup, so that writers who were at it then are known. */
export const JOURNAL_BEFORE_MS = HOUR_MS;

export async function surveyFor(spec: RestorePlanSpec, parts: SurveyParts): Promise<Survey> {
  const isTimeToLiveOn = (await parts.timeToLive.turn("off")) === "later";
  const stream = spec.sources.includes("stream") ? await streamOf(spec, parts) : undefined;
  const isStreamWhole = stream?.isWhole === true;
  return {
    ...(stream !== undefined && { streamArn: stream.arn }),
    shards: stream?.shards ?? [],
    isStreamWhole,
    unknownTimes: isStreamWhole ? [] : await unknownTimes(spec, parts),
    isTimeToLiveOn,
  };
}

/** Once all sources are read: what the stream forgot meanwhile may have been forgotten unread. */
export async function completedSurvey(spec: RestorePlanSpec, survey: Survey, parts: SurveyParts): Promise<Survey> {
  const isStreamWhole = survey.isStreamWhole && spec.restoredTo > parts.now() - STREAM_READ_WITHIN_MS;
  if (isStreamWhole || !survey.isStreamWhole) return { ...survey, isComplete: true };
  return { ...survey, isStreamWhole, unknownTimes: await unknownTimes(spec, parts), isComplete: true };
}

async function streamOf({ restoredTo }: RestorePlanSpec, { dynamodb, streams, transactionsTable, now }: SurveyParts) {
  const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: transactionsTable }));
  const arn = table?.LatestStreamArn;
  if (arn === undefined) return undefined;
  const { createdAt = Number.POSITIVE_INFINITY, shards } = await describeStream(streams, arn);
  return { arn, shards, isWhole: createdAt <= restoredTo && restoredTo > now() - STREAM_KEPT_MS };
}

async function unknownTimes(spec: RestorePlanSpec, { journal, now }: SurveyParts): Promise<readonly TimeSpan[]> {
  const span = { from: spec.restoredTo, to: now() };
  if (!spec.sources.includes("journal")) return [span];
  const names: JournalFileName[] = [];
  let after: string | undefined;
  do {
    const page = await journal.list(spec.restoredTo - JOURNAL_BEFORE_MS, after);
    names.push(...page.files.map(({ name }) => name));
    after = page.next;
  } while (after !== undefined);
  return journalGaps(names, await journal.firstAt(), span);
}
