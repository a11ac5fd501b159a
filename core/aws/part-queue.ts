/** The queue of an audit's parts: a standard one, as parts need no order and a part that comes twice does no harm. */
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { KINDS, type PartMessage } from "../audit/audit-run.ts";
import { MAX_ENTRIES } from "./message-queue.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

const SCHEMA = 1;

/** A message in the queue of parts that is none. */
export class PartMessageError extends PipelineError {
  override readonly name = "PartMessageError";
  readonly code = "AUDIT_PART_INVALID";
}

/** A part could not be sent; the run that it is of is planned again. */
class PartUnsentError extends PipelineError {
  override readonly name = "PartUnsentError";
  readonly code = "AUDIT_PART_UNSENT";
}

/** @throws whatever SQS answers, also when it refused only some */
export async function sendParts(client: SQSClient, queueUrl: string, messages: readonly PartMessage[]): Promise<void> {
  for (let start = 0; start < messages.length; start += MAX_ENTRIES) {
    const Entries = messages.slice(start, start + MAX_ENTRIES).map((message, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ schema: SCHEMA, ...message }),
    }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    const [first] = Failed;
    if (first !== undefined) throw new PartUnsentError(`SQS refused a part: ${first.Code} ${first.Message ?? ""}`);
  }
}

/** @throws PartMessageError */
export function parsePart(body: string): PartMessage {
  const { schema, kind, runId, part } = parsed(body);
  const known = KINDS.find((one) => one === kind);
  if (schema !== SCHEMA || known === undefined || typeof runId !== "string" || !Number.isSafeInteger(part))
    throw new PartMessageError(
      `The message ${body.slice(0, 200)} is no part of an audit. Expected ` +
        `{"schema":${SCHEMA},"kind":"table","runId":"…","part":0}.`,
    );
  return { kind: known, runId, part: part as number };
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
