/** Every alarm and the heading of `docs/runbook.md` that says what to do about it. A test keeps alarms and headings equal. */

const RUNBOOK = "docs/runbook.md";

export const RUNBOOK_HEADINGS = {
  deadLetters: "Confirmations were given up",
  oldestMessage: "Confirmations are late",
  oldestOrdered: "Ordered confirmations are too old",
  orderedBacklog: "Ordered confirmations pile up",
  orderedUnread: "Nobody reads the ordered queue",
} as const;

/** The address of a heading as GitHub makes it. */
export function runbookAddress(heading: string): string {
  return `${RUNBOOK}#${heading.toLowerCase().replaceAll(" ", "-")}`;
}
