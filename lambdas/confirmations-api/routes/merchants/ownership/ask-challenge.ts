/**
 * What is written with a merchant whose address is challenged: its origins, and the job that asks for the call. All of
 * it is one transaction with the act and its entry of the audit log; then only the message is left to send.
 */
import { randomUUID } from "node:crypto";
import type { OwnershipWrite } from "../../../../../core/aws/merchant-registry.ts";
import { callMessage } from "../../../../../core/jobs/ask-for-call.ts";
import { merchantCallRow } from "../../../../../core/jobs/merchant-call.ts";
import type { Asked } from "../../../../../core/merchant/ask-origins.ts";
import type { MerchantContent } from "../../../../../core/merchant/merchant-content.ts";
import { SANDBOX } from "../../../../../core/merchant/merchant-environment.ts";
import { originOf, type Origins, originsAttribute, originsOf } from "../../../../../core/merchant/ownership.ts";
import type { AttributeMap } from "../../../../../core/transaction/attribute-value.ts";

export interface ChallengeParts {
  readonly jobsTable: string;
  /** Sends a message to the queue `merchant-calls`. */
  readonly sendCall: (body: string) => Promise<unknown>;
  readonly nowMs: () => number;
}

/** A challenge that is about to be asked for. */
export interface AskedChallenge extends Asked {
  /** Its job, to be put in one transaction with the act. */
  readonly act: OwnershipWrite["acts"][number];
}

/** @param url that can be called. @param requestedBy who asks */
export function askChallenge(
  merchantId: string,
  url: string,
  requestedBy: string,
  { jobsTable, nowMs }: Pick<ChallengeParts, "jobsTable" | "nowMs">,
): AskedChallenge {
  const jobId = randomUUID();
  const row = merchantCallRow({ jobId, kind: "challenge", merchantId, requestedBy, url }, nowMs());
  return {
    origin: originOf(url) ?? "",
    url,
    jobId,
    act: {
      Put: {
        TableName: jobsTable,
        Item: row as Record<string, never>,
        ConditionExpression: "attribute_not_exists(jobId)",
      },
    },
  };
}

/** What is live and has an address of its own has to show whose that is. */
export function needsChallenge({ confirmationUrl, environment }: MerchantContent): boolean {
  return confirmationUrl !== undefined && environment !== SANDBOX;
}

export function ownershipWrite(origins: Origins, asked: AskedChallenge | undefined): OwnershipWrite {
  return { origins: originsAttribute(origins), acts: asked === undefined ? [] : [asked.act] };
}

/** The message may have been lost: whoever asks for the same again sends those that are not answered once more. */
export async function sendChallenges(row: AttributeMap, { sendCall }: ChallengeParts): Promise<void> {
  for (const { state, jobId } of originsOf(row)?.values() ?? [])
    if (state === "challenged" && jobId !== undefined) await sendCall(callMessage(jobId));
}
