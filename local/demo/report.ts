/** The account for a person: what was inserted, where each transaction ended, and an example of whatever is wrong. */
import type { Account, Finding } from "./evidence.ts";
import type { HealthyRate } from "./healthy-rate.ts";

/** What the kills of the worker may have cost. */
export interface KillReport {
  readonly kills: number;
  /**
   * Deliveries in flight at the kills (accepted by their merchants, unknown to the table), and those sent once more in
   * an attempt.
   */
  readonly duplicatesAllowed: number;
}

/**
 * What is left to be explained: what was delivered again after a kill, or within an attempt, is, however often; how
 * many there may be together is for `isClean`. A kill is seen from outside, and one look at the table is not exact
 * enough to count those of one webhook-id.
 *
 * @param again webhook-ids that were in flight when the worker was killed, or sent once more in an attempt
 */
export function unexplained(findings: readonly Finding[], again: readonly string[]): readonly Finding[] {
  const explained = new Set(again);
  return findings.filter(({ webhookId }) => webhookId === undefined || !explained.has(webhookId));
}

const EXAMPLES = 5;

/**
 * @param findings those that are not explained
 * @param resent requests that the worker sent once more within an attempt; kills allow them too
 */
export function isClean(
  { duplicates }: Account,
  findings: readonly Finding[],
  killed?: KillReport,
  resent: number = 0,
): boolean {
  return findings.length === 0 && duplicates <= (killed?.duplicatesAllowed ?? resent);
}

/** The last line of `--json`. */
export function accountLine(account: Account, healthy: HealthyRate, killed?: KillReport): string {
  return JSON.stringify({
    ...account,
    healthySeconds: healthy.seconds,
    healthyPerSecond: healthy.perSecond,
    ...(killed !== undefined && { duplicatesAllowed: killed.duplicatesAllowed }),
  });
}

export function accountTable(
  account: Account,
  findings: readonly Finding[],
  healthy: HealthyRate,
  killed?: KillReport,
  resent: number = 0,
): string {
  const numbers: [string, number, string][] = [
    ["inserted", account.inserted, "transactions"],
    ["confirmed", account.confirmed, "accepted by the merchant and CONFIRMED in the table"],
    ["dead-lettered", account.deadLettered, "FAILED with a reason, and in confirmations-dl.fifo"],
    ["superseded", account.superseded, "older versions that a newer one replaced in time"],
    ["lost", account.lost, "neither confirmed on both sides nor dead-lettered"],
    [
      "duplicates",
      account.duplicates,
      killed === undefined
        ? "delivered again after a 2xx"
        : `delivered again after a 2xx; ${killed.duplicatesAllowed} allowed, with ${killed.kills} kills`,
    ],
    ["out of order", account.outOfOrder, "delivered after a newer version, or before what its ordering key puts first"],
    ["healthy", healthy.perSecond, `a second to merchants that are well: ${format(healthy.confirmed)} of them`],
    ["… took", healthy.seconds, "seconds from the first insert until the last of these was accepted"],
    ["all took", account.seconds, "seconds until the failing, hanging and gone ones had used up their attempts too"],
  ];
  const width = Math.max(...numbers.map(([, value]) => format(value).length));
  const lines = numbers.map(
    ([name, value, meaning]) => `  ${name.padEnd(14)}${format(value).padStart(width)}  ${meaning}`,
  );
  const examples = (["lost", "duplicate", "out of order"] as const).flatMap((kind) =>
    exampleLines(findings.filter((finding) => finding.kind === kind)),
  );
  const verdict = isClean(account, findings, killed, resent)
    ? "Every transaction is accounted for."
    : "The account does not add up.";
  return [...lines, ...examples, verdict].join("\n");
}

function exampleLines(findings: readonly Finding[]): string[] {
  const shown = findings
    .slice(0, EXAMPLES)
    .map(({ kind, transactionId, detail }) => `  ${kind}: ${transactionId}: ${detail}`);
  return findings.length > EXAMPLES ? [...shown, `  … and ${findings.length - EXAMPLES} more`] : shown;
}

function format(value: number): string {
  return value.toLocaleString("en");
}
