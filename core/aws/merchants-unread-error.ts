import { PipelineError } from "../errors/pipeline-error.ts";

/** DynamoDB left merchants unread; nothing is known about them. */
export class MerchantsUnreadError extends PipelineError {
  override readonly name = "MerchantsUnreadError";
  readonly code = "MERCHANTS_UNREAD";
}
