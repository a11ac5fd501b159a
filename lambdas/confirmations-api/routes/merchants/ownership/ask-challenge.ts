/**
 * What is written with a merchant whose address is challenged: its origins, and the job that asks for the call. All of
 * it is one transaction with the act and its entry of the audit log; then only the message is left to send.
 */
import { randomUUID } from "node:crypto";
import type { OwnershipWrite } from "../../../../../core/aws/merchant-registry.ts";
import { callMessage } from "../../../../../core/jobs/ask-for-call.ts";
import { merchantCallRow } from "../../../../../core/jobs/merchant-call.ts";
import { type Asked, challenged } from "../../../../../core/merchant/ask-origins.ts";
import type { MerchantContent } from "../../../../../core/merchant/merchant-content.ts";
import { SANDBOX } from "../../../../../core/merchant/merchant-environment.ts";
import {
  isOwnedState,
  originOf,
  type Origins,
  originsAttribute,
  originsOf,
} from "../../../../../core/merchant/ownership.ts";
import type { AttributeMap } from "../../../../../core/transaction/attribute-value.ts";
import { channelUrls } from "../channels/check-channels.ts";

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

/**
 * Addresses that have to show whose they are: of what is live, those that are others than before. Its own address is
 * challenged whatever is known of its origin; one of a channel or of its mirror, where its origin is not known to be
 * the merchant's.
 *
 * @param before nothing where it is registered
 */
export function addressesToChallenge(
  before: MerchantContent,
  after: MerchantContent,
  origins: Origins | undefined,
): string[] {
  if (after.environment === SANDBOX) return [];
  const was = before.environment === SANDBOX ? {} : before;
  const { confirmationUrl: own } = after;
  const found = own === undefined || own === was.confirmationUrl ? [] : [own];
  const known = new Set(furtherUrls(was));
  for (const url of furtherUrls(after)) {
    const origin = originOf(url) ?? "";
    const isAsked = found.some((other) => originOf(other) === origin) || originOf(was.confirmationUrl) === origin;
    if (!isAsked && !known.has(url) && !isOwnedState(origins?.get(origin)?.state)) found.push(url);
  }
  return found;
}

/** Of its channels, and of its mirror. */
function furtherUrls({ channels, mirror }: MerchantContent): string[] {
  return [...channelUrls(channels), ...(mirror === undefined ? [] : [mirror.url])];
}

/** Nothing is delivered to these before they have answered. @param seen the origins that the merchant has */
export function challengedBy(seen: Origins | undefined, asked: readonly AskedChallenge[], now: number): Origins {
  const none: Origins = new Map();
  if (asked.length === 0) return seen ?? none;
  return asked.reduce<Origins | undefined>((origins, one) => challenged(origins, one, now), seen) ?? none;
}

/** What an entry of the audit log has of them. */
export function challengesOf(asked: readonly AskedChallenge[]): Readonly<Record<string, unknown>> {
  const [first, ...others] = asked.map(({ jobId }) => jobId);
  if (first === undefined) return {};
  return others.length === 0 ? { challenge: first } : { challenges: [first, ...others] };
}

export function ownershipWrite(origins: Origins, asked: readonly AskedChallenge[]): OwnershipWrite {
  return { origins: originsAttribute(origins), acts: asked.map(({ act }) => act) };
}

/** The message may have been lost: whoever asks for the same again sends those that are not answered once more. */
export async function sendChallenges(row: AttributeMap, { sendCall }: ChallengeParts): Promise<void> {
  for (const { state, jobId } of originsOf(row)?.values() ?? [])
    if (state === "challenged" && jobId !== undefined) await sendCall(callMessage(jobId));
}
