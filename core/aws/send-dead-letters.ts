/**
 * Sends the dead letters of rows that are given up, but for merchants of the sandbox: nobody is to be woken by those,
 * and their rows say all that a letter would.
 */
import type { CampaignCounts } from "../campaigns/campaign-counts.ts";
import { METRICS } from "../settings/names.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { type Failure, GIVEN_UP_AS } from "../transaction/failure.ts";
import { failingMerchantOf } from "../transaction/row/failed-listing.ts";
import type { EntryError, MessageQueue } from "./message-queue.ts";
import type { OutgoingMessage } from "./queue-requests.ts";
import type { SandboxMerchants } from "./sandbox-merchants.ts";
import { sendAll } from "./send-all.ts";

export interface DeadLetterParts {
  readonly deadLetters: Pick<MessageQueue, "send">;
  readonly sandboxMerchants: Pick<SandboxMerchants, "among">;
}

export interface DeadLetter {
  /** For which it is. */
  readonly row: AttributeMap;
  readonly message: OutgoingMessage;
}

export interface SentLetters {
  /** Of each, in order; undefined where nothing went wrong. */
  readonly errors: readonly EntryError[];
  /** Of one of these rows. */
  readonly isSandbox: (row: AttributeMap) => boolean;
}

export async function sendDeadLetters(
  letters: readonly DeadLetter[],
  { deadLetters, sandboxMerchants }: DeadLetterParts,
): Promise<SentLetters> {
  const inSandbox = await sandboxMerchants.among(letters.map(({ row }) => failingMerchantOf(row)));
  const isSandbox = (row: AttributeMap) => inSandbox.has(failingMerchantOf(row) ?? "");
  const toSend = [...letters.keys()].filter((index) => !isSandbox(letters[index]?.row ?? {}));
  const sent = await sendAll(
    deadLetters,
    toSend.flatMap((index) => letters[index]?.message ?? []),
  );
  const errors: EntryError[] = Array.from({ length: letters.length });
  for (const [position, index] of toSend.entries()) errors[index] = sent[position];
  return { errors, isSandbox };
}

export interface GivenUpRow {
  readonly row: AttributeMap;
  readonly failure: Pick<Failure, "fault">;
}

export interface GivenUpCounts {
  readonly count: (metric: string, by: number) => void;
  /** @default no label is looked at */
  readonly campaigns?: Pick<CampaignCounts, "labelOf" | "count"> | undefined;
}

/** @param metric as which each live one counts besides. @default none */
export function countGivenUp(
  givenUp: readonly GivenUpRow[],
  isSandbox: SentLetters["isSandbox"],
  { count, campaigns }: GivenUpCounts,
  metric?: string,
): void {
  const live = givenUp.filter(({ row }) => !isSandbox(row));
  if (campaigns !== undefined) countByLabel(live, campaigns);
  if (metric !== undefined) count(metric, live.length);
  for (const [fault, those] of Map.groupBy(live, ({ failure }) => failure.fault))
    count(GIVEN_UP_AS[fault], those.length);
  count(METRICS.sandboxGivenUp, givenUp.length - live.length);
}

function countByLabel(givenUp: readonly GivenUpRow[], campaigns: NonNullable<GivenUpCounts["campaigns"]>): void {
  for (const { row } of givenUp) {
    const label = campaigns.labelOf(row);
    if (label !== undefined) campaigns.count(label, "failed");
  }
}
