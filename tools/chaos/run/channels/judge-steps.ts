/**
 * The account of recipients with channels and of merchants that acknowledge: what their rows say was done against what
 * lies outside, in the mailbox, at the stand-ins, in queues and in merchants' books. Pure, and suspicious.
 *
 * - `lost`: neither confirmed, by what its plan asks for and what lies outside, nor `FAILED` with a reason and a dead
 *   letter; and each step that a row calls delivered of which nothing lies outside.
 * - `twice`: messages of a step beyond its first, of one transaction at one version by one channel.
 * - `twiceAllowed`: messages that were in flight: out, and not recorded when a worker ended, or never told to whoever
 *   sent them. Each allows one more of its own step.
 */
import type { DeadLetter, Finding } from "../../../../local/demo/evidence.ts";
import { type Delivery, isConfirmation } from "../../../../local/demo/fleet/ledger.ts";
import { RECIPIENT_BY_ID } from "../../plan/recipients.ts";
import type { WrittenTransaction } from "../written-transaction.ts";
import { identityOf, stepOf } from "./in-flight-steps.ts";
import { judgeWaits, type WaitEvidence } from "./judge-waits.ts";
import type { RecipientRow } from "./recipient-row.ts";
import { channelIdOf, isVain, type SentStep, stepKey } from "./sent-step.ts";

export interface ChannelEvidence extends Omit<WaitEvidence, "merchantOf"> {
  readonly written: readonly WrittenTransaction[];
  readonly rows: readonly RecipientRow[];
  /** What lies outside, of every channel but webhooks. */
  readonly messages: readonly SentStep[];
  readonly deadLetters: readonly DeadLetter[];
  /** Webhook-ids that rows say were sent again within an attempt, once for each time. */
  readonly resent: readonly string[];
}

export interface ChannelAccount {
  readonly transactions: number;
  /** Of those, as their rows say. */
  readonly confirmed: number;
  /** Messages that lie outside, of every channel but webhooks. */
  readonly steps: number;
  readonly lost: number;
  readonly twice: number;
  readonly twiceAllowed: number;
  /** Who was told again, or by the next channel, before his time was over. */
  readonly early: number;
}

export interface ChannelReport {
  readonly account: ChannelAccount;
  /** Whatever is wrong; steps done twice only where nothing allows them. */
  readonly findings: readonly Finding[];
}

/** A merchant's callback may be under way for as long, while its time is over. */
const CALLBACK_MS = 5000;
const EXPIRED: ReadonlySet<string> = new Set(["expired", "expired_untried"]);

export function judgeSteps(evidence: ChannelEvidence): ChannelReport {
  const merchants = new Map(evidence.written.map(({ transactionId, merchantId = "" }) => [transactionId, merchantId]));
  const merchantOf = (transactionId: string) => merchants.get(transactionId) ?? "";
  const arrived = evidence.messages.filter(({ transactionId, kind }) => !isVain(merchantOf(transactionId), kind));
  const outside = countBy([...arrived, ...confirmedWebSteps(evidence.deliveries)]);
  const allowed = allowances(evidence);
  const lost = evidence.written.flatMap((transaction) => lostOf(transaction, outside, allowed, evidence));
  const doubles = [...countBy(arrived)].map(([key, count]) => ({ key, count: count - 1 }));
  const twice = [...doubles, ...webDoubles(evidence.deliveries)].filter(({ count }) => count > 0);
  const unexplained = twice.flatMap(({ key, count }): Finding[] => {
    const may = allowed.get(key) ?? 0;
    const [transactionId = ""] = key.split(" v");
    const when = timesOf(key, arrived, evidence.sends);
    const detail = `${key}: done ${count + 1} times, ${may} in flight${when}`;
    return count <= may ? [] : [{ kind: "channel", transactionId, detail }];
  });
  const early = judgeWaits({ ...evidence, merchantOf });
  return {
    account: {
      transactions: evidence.written.length,
      confirmed: evidence.rows.filter(({ state }) => state === "CONFIRMED").length,
      steps: arrived.length,
      lost: lost.length,
      twice: twice.reduce((sum, { count }) => sum + count, 0),
      twiceAllowed: [...allowed.values()].reduce((sum, count) => sum + count, 0),
      early: early.length,
    },
    findings: [...lost, ...unexplained, ...early],
  };
}

/** @param ms epoch milliseconds */
function at(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}

/** For who looks into it: when its messages arrived, and when the services had them. */
function timesOf(key: string, arrived: readonly SentStep[], sends: ChannelEvidence["sends"]): string {
  const own = arrived.filter((step) => stepKey(step) === key).map(({ atMs }) => at(atMs));
  const booked = sends
    .filter((send) => stepKey(stepOf(send)) === key)
    .map(({ carriedOutAtMs, isTold }) => `${at(carriedOutAtMs)}${isTold ? "" : " untold"}`);
  if (own.length + booked.length === 0) return "";
  return `; arrived at ${own.join(", ")}; sent at ${booked.join(", ")}`;
}

function countBy(steps: readonly SentStep[]): Map<string, number> {
  return new Map([...Map.groupBy(steps, stepKey)].map(([key, ofStep]) => [key, ofStep.length]));
}

function confirmedWebSteps(deliveries: readonly Delivery[]): SentStep[] {
  return deliveries.filter(isConfirmation).map(webStep);
}

function webStep({ transactionId, version, respondedAtMs, acknowledgedAtMs = 0 }: Delivery): SentStep {
  return { transactionId, version, kind: "webhook", atMs: respondedAtMs ?? acknowledgedAtMs };
}

/** Messages in flight by the key of their step: of each one more may come. */
function allowances({ sends, inFlight, deliveries, resent }: ChannelEvidence): Map<string, number> {
  const once = new Map<string, SentStep>();
  for (const step of [...inFlight, ...sends.filter(({ isTold }) => !isTold).map(stepOf)])
    once.set(identityOf(step), step);
  const ids = new Map(deliveries.map((delivery) => [delivery.webhookId, webStep(delivery)]));
  const again = resent.flatMap((webhookId) => ids.get(webhookId) ?? []);
  return countBy([...once.values(), ...again]);
}

/** Calls of a webhook that had accepted it already, without a job that says that it sends it again. */
function webDoubles(deliveries: readonly Delivery[]): { readonly key: string; readonly count: number }[] {
  const calls = Map.groupBy(
    deliveries.filter(({ redelivery }) => redelivery === undefined),
    (delivery) => stepKey(webStep(delivery)),
  );
  return [...calls].map(([key, ofStep]) => {
    const since = ofStep
      .filter(isConfirmation)
      .map(({ acknowledgedAtMs, respondedAtMs = 0 }) =>
        acknowledgedAtMs === undefined ? respondedAtMs : acknowledgedAtMs + CALLBACK_MS,
      );
    const firstAtMs = Math.min(...since);
    return { key, count: ofStep.filter(({ arrivedAtMs }) => arrivedAtMs > firstAtMs).length };
  });
}

function lostOf(
  { transactionId, versions, merchantId = "" }: WrittenTransaction,
  outside: ReadonlyMap<string, number>,
  allowed: ReadonlyMap<string, number>,
  { rows, deadLetters }: ChannelEvidence,
): Finding[] {
  const newest = Math.max(...versions);
  const row = rows.find((one) => one.transactionId === transactionId);
  const lost = (detail: string): Finding => ({ kind: "channel", transactionId, detail: `${merchantId}: ${detail}` });
  if (row === undefined) return [lost("it is not in the table")];
  if (row.version !== newest) return [lost(`the table holds version ${row.version}, written was ${newest}`)];
  const { told } = RECIPIENT_BY_ID.get(merchantId) ?? {};
  const kinds = told?.channels.map(({ kind }) => kind) ?? ["webhook" as const];
  const keyOf = (kind: (typeof kinds)[number]) => stepKey({ transactionId, version: newest, kind });
  const isOutside = (kind: (typeof kinds)[number]) => outside.has(keyOf(kind));
  const { done = [] } = row.steps ?? {};
  const saysDelivered = (kind: (typeof kinds)[number]) =>
    done.some(({ channel, result }) => result === "delivered" && channel === channelIdOf(merchantId, kind));
  const unfounded = kinds.filter((kind) => saysDelivered(kind) && !isOutside(kind));
  if (unfounded.length > 0) return [lost(`the row says delivered by ${unfounded.join(", ")}, and nobody has it`)];
  if (row.state === "CONFIRMED") {
    if (told?.plan === "all") {
      const missing = kinds.filter((kind) => !saysDelivered(kind));
      return missing.length === 0 ? [] : [lost(`CONFIRMED without ${missing.join(", ")}, each of which must deliver`)];
    }
    return kinds.some(isOutside) ? [] : [lost("the table says CONFIRMED, and nobody has it")];
  }
  if (row.state !== "FAILED") return [lost(`no outcome, the table says ${row.state}`)];
  const has = told?.plan === "all" ? undefined : kinds.find(isOutside);
  // Its record went with a killed worker, and its time was over when it came again.
  const isForgotten = has !== undefined && allowed.has(keyOf(has)) && EXPIRED.has(row.failure?.code ?? "");
  if (has !== undefined && !isForgotten) return [lost(`${has} told its recipient, the table says FAILED`)];
  if (!row.failure?.reason) return [lost("FAILED without a reason in the table")];
  const letter = deadLetters.find((one) => one.transactionId === transactionId && one.version === newest);
  if (letter === undefined) return [lost(`FAILED (${row.failure.reason}), but not in the dead-letter queue`)];
  return letter.reason ? [] : [lost("dead-lettered without a reason in the message")];
}
