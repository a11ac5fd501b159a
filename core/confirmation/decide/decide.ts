/**
 * Every decision about a message, in the order in which they are asked for. All are pure: they are handed the message,
 * its row and what came of the call, the time, a drawn number and the settings, and say what is to be done as an
 * `Effect`, which `apply` carries out. Undefined means: go on to the next.
 *
 *   message, row, reopened, predecessor            before the merchant is looked at
 *   content, unusable, beforeCall, turnedAway      of an attempt: before it is called (`on-attempt.ts`)
 *   shadow                                         of one that the old system confirms: in the place of an attempt
 *   awaited                                        of one that its merchant was to acknowledge: in the place of a call
 *   late, noTime                                   when there is no time for it
 *   delivered, accepted, afterCall, ourEgress      of an attempt: after it was called
 *   underway, choice, intent, channelClosed        of a recipient with channels: before its attempt (`on-underway.ts`)
 *   webhookStep, attempted, sent, receiptAwaited,
 *   stepAttempted, stepDelivered, stepFailed,
 *   notSent                                        after it: what becomes of one step of its plan (`on-step.ts`)
 *   unnoted, refusal, rewritten                    when the effect did not fit
 */
import { parkUnnoted } from "../order/unordered.ts";
import { decideOnRefusal, decideOnRewritten, decideOnStepRefused } from "./after-refusal.ts";
import { decideOnLate, decideOnNoTime } from "./before-call.ts";
import { onAttempt } from "./on-attempt.ts";
import { decideOnAccepted, decideOnAwaited } from "./on-acknowledgement.ts";
import { decideOnMessage } from "./on-message.ts";
import { decideOnPredecessor } from "./on-predecessor.ts";
import { decideOnDiscard, decideOnReopened, decideOnRow } from "./on-row.ts";
import {
  decideOnChannelClosed,
  decideOnChoice,
  decideOnIntent,
  decideOnNotSent,
  decideOnReceiptAwaited,
  decideOnSent,
  decideOnStepAttempted,
  decideOnStepDelivered,
  decideOnStepFailed,
  decideOnWebhookStep,
} from "./on-step.ts";
import { decideOnUnderway } from "./on-underway.ts";
import { decideOnShadow } from "./on-shadow.ts";
import { progressAfter } from "./progress-after.ts";

export const decide = {
  message: decideOnMessage,
  discard: decideOnDiscard,
  row: decideOnRow,
  reopened: decideOnReopened,
  predecessor: decideOnPredecessor,
  ...onAttempt,
  shadow: decideOnShadow,
  awaited: decideOnAwaited,
  accepted: decideOnAccepted,
  late: decideOnLate,
  noTime: decideOnNoTime,
  unnoted: parkUnnoted,
  underway: decideOnUnderway,
  choice: decideOnChoice,
  intent: decideOnIntent,
  channelClosed: decideOnChannelClosed,
  attempted: progressAfter,
  webhookStep: decideOnWebhookStep,
  sent: decideOnSent,
  receiptAwaited: decideOnReceiptAwaited,
  stepAttempted: decideOnStepAttempted,
  stepDelivered: decideOnStepDelivered,
  stepFailed: decideOnStepFailed,
  notSent: decideOnNotSent,
  stepRefused: decideOnStepRefused,
  refusal: decideOnRefusal,
  rewritten: decideOnRewritten,
} as const;
