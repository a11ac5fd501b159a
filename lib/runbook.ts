/** Every alarm and the heading of `docs/runbook.md` that says what to do about it. A test keeps alarms and headings equal. */

const RUNBOOK = "docs/runbook.md";

export const RUNBOOK_HEADINGS = {
  deadLetters: "Confirmations were given up",
  deadLettersOfPipeline: "The pipeline gave up confirmations",
  deadLettersOfMerchants: "Merchants lose many confirmations",
  newDeadLetters: "More confirmations were given up",
  oldestMessage: "Confirmations are late",
  oldestOrdered: "Ordered confirmations are too old",
  orderedBacklog: "Ordered confirmations pile up",
  orderedUnread: "Nobody reads the ordered queue",
  egressFault: "Our own network is at fault",
  lost: "Transactions are lost",
  auditSilent: "The audit is behind",
} as const;

/** The address of a heading as GitHub makes it. @param runbook where the page is. @default its path in this repository */
export function runbookAddress(heading: string, runbook: string = RUNBOOK): string {
  return `${runbook}#${heading.toLowerCase().replaceAll(" ", "-")}`;
}
