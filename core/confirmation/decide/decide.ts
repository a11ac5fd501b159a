/**
 * Every decision about a message, in the order in which they are asked for. All are pure: they are handed the message,
 * its row and what came of the call, the time, a drawn number and the settings, and say what is to be done as an
 * `Effect`, which `apply` carries out. Undefined means: go on to the next.
 *
 *   message, row, reopened, predecessor, content   before the merchant is looked at
 *   beforeCall, turnedAway, noTime                 before it is called
 *   delivered, afterCall, ourEgress                after it was called
 *   unnoted, refusal, rewritten                    when the effect did not fit
 */
import { parkUnnoted } from "../order/unordered.ts";
import { decideAfterCall, decideOnDelivered, decideOnOurEgress } from "./after-call.ts";
import { decideOnRefusal, decideOnRewritten } from "./after-refusal.ts";
import { decideBeforeCall, decideOnLate, decideOnNoTime, decideOnTurnedAway } from "./before-call.ts";
import { decideOnMessage } from "./on-message.ts";
import { decideOnPredecessor } from "./on-predecessor.ts";
import { decideOnContent, decideOnDiscard, decideOnReopened, decideOnRow } from "./on-row.ts";
import { giveUp } from "./give-up.ts";

export const decide = {
  message: decideOnMessage,
  discard: decideOnDiscard,
  row: decideOnRow,
  reopened: decideOnReopened,
  predecessor: decideOnPredecessor,
  content: decideOnContent,
  unusable: giveUp,
  beforeCall: decideBeforeCall,
  turnedAway: decideOnTurnedAway,
  late: decideOnLate,
  noTime: decideOnNoTime,
  delivered: decideOnDelivered,
  afterCall: decideAfterCall,
  ourEgress: decideOnOurEgress,
  unnoted: parkUnnoted,
  refusal: decideOnRefusal,
  rewritten: decideOnRewritten,
} as const;
