/** Every alarm and the heading of `docs/runbook.md` that says what to do about it. A test keeps alarms and headings equal. */

const RUNBOOK = "docs/runbook.md";

export const RUNBOOK_HEADINGS = {
  deadLetters: "Confirmations were given up",
  deadLettersOfPipeline: "The pipeline gave up confirmations",
  deadLettersOfMerchants: "Merchants lose many confirmations",
  oldestMessage: "Confirmations are late",
  egressFault: "Our own network is at fault",
} as const;

/** The address of a heading as GitHub makes it. */
export function runbookAddress(heading: string): string {
  return `${RUNBOOK}#${heading.toLowerCase().replaceAll(" ", "-")}`;
}
