/**
 * A custom resource as CloudFormation asks for it: an event for each step of its life, and one response to a URL that
 * comes with it. Without a response CloudFormation would wait for as long as the template says, so that each step is
 * answered, whatever becomes of it (AWS CloudFormation User Guide, "Custom resource reference").
 */
import { errorLine } from "../errors/error-fields.ts";
import type { Log } from "../telemetry/log-error.ts";

export interface CustomResourceEvent {
  readonly RequestType: "Create" | "Update" | "Delete";
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  /** Of an update and a deletion. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

export function isCustomResourceEvent(event: unknown): event is CustomResourceEvent {
  return typeof event === "object" && event !== null && "RequestType" in event && "ResponseURL" in event;
}

const ATTEMPTS = 3;
const ATTEMPT_MS = 5000;
/** CloudFormation takes 4 KB in all. */
const LONGEST_REASON = 1000;

/**
 * Carries out one step and tells how it went.
 *
 * @param step returns why the step is refused, or nothing where it is done
 * @throws when nobody could be told
 */
export async function respondTo(
  event: CustomResourceEvent,
  step: () => Promise<string | undefined>,
  warn: Log,
): Promise<void> {
  const { RequestType, LogicalResourceId, RequestId, StackId, PhysicalResourceId = LogicalResourceId } = event;
  let refused: string | undefined;
  try {
    refused = await step();
  } catch (error) {
    refused = errorLine(error);
  }
  if (refused !== undefined) warn("a step of the deployment is refused", { RequestType, LogicalResourceId, refused });
  const outcome = refused === undefined ? { Status: "SUCCESS" } : { Status: "FAILED", Reason: shortened(refused) };
  await put(event.ResponseURL, { ...outcome, PhysicalResourceId, StackId, RequestId, LogicalResourceId });
}

function shortened(reason: string): string {
  return reason.slice(0, LONGEST_REASON);
}

/** Bytes rather than text: the URL is signed for no type of content. */
async function put(url: string, response: object): Promise<void> {
  const body = Buffer.from(JSON.stringify(response));
  let failed: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const { ok, status } = await fetch(url, { method: "PUT", body, signal: AbortSignal.timeout(ATTEMPT_MS) });
      if (ok) return;
      failed = new Error(`CloudFormation took no response: got status ${status}, expected 200`);
    } catch (error) {
      failed = error;
    }
  }
  throw failed;
}
