/** The queue of parts of jobs: a standard one, as parts need no order and a part that comes twice does no harm. */
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { MAX_DELAY_SECONDS, type PartId, partMessage } from "../jobs/part.ts";
import { PipelineError } from "../errors/pipeline-error.ts";
import { MAX_ENTRIES } from "./message-queue.ts";

/** A part could not be sent; `resume` sends all parts of a job again. */
class JobPartUnsentError extends PipelineError {
  override readonly name = "JobPartUnsentError";
  readonly code = "JOB_PART_UNSENT";
}

/** @param afterMs milliseconds for which they are held back. @throws whatever SQS answers, also when it refused some */
export async function sendJobParts(
  client: SQSClient,
  queueUrl: string,
  parts: readonly PartId[],
  afterMs: number,
): Promise<void> {
  const DelaySeconds = Math.min(MAX_DELAY_SECONDS, Math.ceil(afterMs / 1000));
  for (let start = 0; start < parts.length; start += MAX_ENTRIES) {
    const Entries = parts
      .slice(start, start + MAX_ENTRIES)
      .map((part, index) => ({ Id: String(index), MessageBody: partMessage(part), DelaySeconds }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    const [first] = Failed;
    if (first !== undefined)
      throw new JobPartUnsentError(
        `SQS refused a part of a job: ${first.Code} ${first.Message ?? ""}; resume the job.`,
      );
  }
}
