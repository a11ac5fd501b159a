/**
 * The account of a restore drill: what the restore took from where, and by all sides whether anything was lost, or sent
 * to a merchant that had accepted it before. Pure.
 */
import type { Evidence } from "../evidence.ts";
import { type Delivery, isConfirmation } from "../fleet/ledger.ts";
import { versionKey } from "../judge-deliveries.ts";
import { reconcile } from "../reconcile.ts";
import { unexplained } from "../report.ts";
import { OTHER_AMOUNT } from "./damage.ts";

/** As the API counts it. */
export interface TakenCounts {
  readonly restored: number;
  readonly takenFromTable: number;
  readonly takenFromStream: number;
  readonly takenFromJournal: number;
  readonly takenFromManifests: number;
  readonly unknown: number;
}

export interface DrillAccount extends TakenCounts {
  readonly inserted: number;
  readonly damaged: number;
  /** That no source had, so that their producers submitted them again. */
  readonly submittedAgain: number;
  /** Accepted before the damage and delivered once more after it. */
  readonly sentAgain: number;
  /** Of those, the ones that no list named before: neither unknown, nor missing while a time was unknown. */
  readonly sentAgainUnlisted: number;
  /** Delivered twice for another reason. */
  readonly duplicates: number;
  /** Delivered with the content that the damage gave them. */
  readonly toldWrong: number;
  readonly confirmed: number;
  readonly deadLettered: number;
  readonly lost: number;
  readonly seconds: number;
}

export interface DrillEvidence extends Pick<Evidence, "inserted" | "deliveries" | "rows" | "deadLetters"> {
  readonly taken: TakenCounts;
  readonly damaged: number;
  /** Sequence of the last delivery before the damage. */
  readonly lastBefore: number;
  /** Ids that a list named before anything was sent. */
  readonly listed: ReadonlySet<string>;
  readonly submittedAgain: number;
  /** Webhook-ids of requests that were sent once more within an attempt. */
  readonly resent: readonly string[];
  readonly seconds: number;
}

/** What that script wrote over a row that came after the backup is known by the stream alone. */
export interface DrillConditions {
  readonly isStreamWhole: boolean;
}

export interface Drilled {
  readonly account: DrillAccount;
  /** Ids of those that something is wrong with. */
  readonly suspects: readonly string[];
}

export function drillAccount(evidence: DrillEvidence): Drilled {
  const { taken, inserted, damaged, deliveries, lastBefore, listed, submittedAgain, seconds, resent } = evidence;
  const { confirmed, deadLettered, lost, duplicates } = reconcile({
    ...evidence,
    written: inserted,
    expected: [],
    // What a source says was given up may be given up once more, and what was damaged has a dead letter for that.
    mayFollowDeadLetter: true,
  });
  const again = sentAgain(deliveries, lastBefore);
  const others = unexplained(duplicates, resent).filter(({ transactionId }) => !again.has(transactionId));
  const unlisted = [...again].filter((id) => !listed.has(id));
  const account = {
    inserted: inserted.length,
    damaged,
    ...taken,
    submittedAgain,
    sentAgain: again.size,
    sentAgainUnlisted: unlisted.length,
    duplicates: others.length,
    toldWrong: deliveries.filter(({ sequence, content }) => sequence > lastBefore && tellsDamage(content)).length,
    confirmed,
    deadLettered,
    lost: lost.length,
    seconds,
  };
  const found = [...lost, ...others].map(({ transactionId }) => transactionId);
  return { account, suspects: [...new Set([...found, ...unlisted])] };
}

/** Ids of transactions of which a version was accepted before, and delivered once more after. */
function sentAgain(deliveries: readonly Delivery[], lastBefore: number): ReadonlySet<string> {
  const before = deliveries.filter(({ sequence }) => sequence <= lastBefore);
  const accepted = new Set(before.filter(isConfirmation).map((one) => versionKey(one)));
  const after = deliveries.filter(({ sequence }) => sequence > lastBefore);
  return new Set(after.filter((one) => accepted.has(versionKey(one))).map(({ transactionId }) => transactionId));
}

function tellsDamage(content: string | undefined): boolean {
  return content !== undefined && content.includes(`"${OTHER_AMOUNT}"`);
}

/** Nothing is lost, and nothing was sent twice but for what was listed before. */
export function isWhole(
  { lost, sentAgainUnlisted, duplicates, toldWrong }: DrillAccount,
  { isStreamWhole }: DrillConditions,
): boolean {
  return lost === 0 && sentAgainUnlisted === 0 && duplicates === 0 && (toldWrong === 0 || !isStreamWhole);
}

const SAYS: Readonly<Record<keyof DrillAccount, string>> = {
  inserted: "transactions, before and after the backup",
  damaged: "rows deleted, overwritten or lowered in version",
  restored: "written as the backup has them",
  takenFromTable: "what the damaged table says came of them since",
  takenFromStream: "the same of its stream",
  takenFromJournal: "the same of the journal",
  takenFromManifests: "the same of manifests",
  unknown: "that no source knows of: a person decides, here to send them",
  submittedAgain: "that no source has, submitted again by their producers",
  sentAgain: "accepted before the damage, and delivered once more after it",
  sentAgainUnlisted: "of these, not named by any list before",
  duplicates: "delivered twice for another reason",
  toldWrong: "delivered with the content that the damage gave them",
  confirmed: "accepted by the merchant and CONFIRMED in the table",
  deadLettered: "FAILED with a reason, and in confirmations-dl.fifo",
  lost: "neither confirmed on both sides nor dead-lettered",
  seconds: "from the first insert until all was over",
};

export function drillTable(account: DrillAccount, conditions: DrillConditions): string {
  const names = Object.keys(SAYS) as (keyof DrillAccount)[];
  const lines = names.map(
    (name) => `  ${name.padEnd(19)}${account[name].toLocaleString("en").padStart(9)}  ${SAYS[name]}`,
  );
  const verdict = isWhole(account, conditions) ? "Every transaction is accounted for." : "The account does not add up.";
  return [...lines, verdict].join("\n");
}
