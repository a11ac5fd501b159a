/**
 * What differs between transactions that are delivered in order and all others: how one waits that cannot be delivered
 * now, and for how long. There are two strategies; whoever decides asks the one of the queue where the message was
 * found (`confirmation.ts`), or the one of the row (`strategy-of.ts`).
 */
import type { CHANNEL_WAITS, ChannelWait } from "../../channels/channel-waits.ts";
import type { ReceivedMessage } from "../../aws/message-queue.ts";
import type { Progress } from "../../aws/statements/progress.ts";
import type { OUR_EGRESS, WaitReason } from "../../merchant/merchant-health.ts";
import type { Merchant } from "../../merchant/merchant.ts";
import type { ACKNOWLEDGEMENT } from "../../transaction/row/acknowledgement.ts";
import type { Fate, Park, Stay } from "../decide/effect.ts";
import type { Trouble } from "../decide/trouble.ts";
import type { Job } from "../job.ts";
import type { ConfirmationSettings } from "../settings.ts";

/** When something is decided, and a number that was drawn for it. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

export interface MerchantWait {
  readonly merchant: Pick<Merchant, "merchantId" | "confirmationUrl">;
  readonly progress: Progress;
  readonly reason: WaitReason;
  /** That is to be called, where that is known. */
  readonly url?: string;
  /** What its trace says of it. @default what came of the attempt */
  readonly traced?: string;
  /** When it is looked at whatever its merchant does, epoch milliseconds. @default once it is given up */
  readonly lookAt?: number;
}

/** Of the queue where a message was found. */
export interface QueueStrategy {
  readonly name: "ordered" | "unordered";
  /** Receives after which there is no newer task for a message of a newer schema. */
  readonly newerSchemaReceives: number;
  /** The ordered group whose rows belong where the message was found. */
  groupOf(received: ReceivedMessage): string | undefined;
  /** Nothing could be learnt, or done; whatever it was may last. */
  lookAgain(received: ReceivedMessage, trouble: Omit<Trouble, "receiveCount">, moment: Moment): Fate;
}

/** Of a row, whatever queue its message was found in. */
export interface RowStrategy {
  /** Whether those that it names with `orderingAfter` are completed first. */
  readonly isPredecessorFirst: boolean;
  /** What else a person should know whose transaction has expired. */
  readonly expiredNote: string;
  /** From when on the time counts in which it is to be delivered, epoch milliseconds. */
  deliverFrom(received: ReceivedMessage, now: number): number;
  /** Epoch milliseconds before which it is not attempted. */
  notBefore(job: Pick<Job, "state">): number;
  /** Its partition of the due index while it is pending. */
  pendingKey(job: Pick<Job, "target" | "orderedGroupId">, settings: ConfirmationSettings): string;
  /** It waits until a time. @param dueAt epoch milliseconds */
  until(
    job: Job,
    progress: Progress,
    dueAt: number,
    settings: ConfirmationSettings,
    waitingFor?: WaitReason | typeof OUR_EGRESS | ChannelWait,
  ): Park | Stay;
  /**
   * Its merchant is to acknowledge it until then, epoch milliseconds.
   * @param waitingFor what is to come. @default an acknowledgement
   */
  untilAcknowledged(
    job: Job,
    progress: Progress,
    until: number,
    settings: ConfirmationSettings,
    moment: Moment,
    waitingFor?: typeof ACKNOWLEDGEMENT | typeof CHANNEL_WAITS.receipt,
  ): Park | Stay;
  /** It waits for its merchant's sake, or for what is needed for this merchant alone: no attempt is counted. */
  forMerchant(job: Job, wait: MerchantWait, settings: ConfirmationSettings, moment: Moment): Park | Stay;
}
