/**
 * Every alarm and the heading of `docs/runbook.md` that says what to do about it. A test keeps alarms and headings
 * equal.
 */

const RUNBOOK = "docs/runbook.md";

export const RUNBOOK_HEADINGS = {
  notGettingThrough: "Confirmations do not get through",
  canary: "Canaries are not confirmed",
  successBurn: "Too many confirmations fail",
  lateBurn: "Too many confirmations take too long",
  heldUp: "Something holds confirmations up",
  lost: "Transactions are lost",
  streamBehind: "The stream is behind",
  oldestMessage: "Confirmations are late",
  inFlight: "Too many messages are in flight",
  nothingReleased: "Nothing is released",
  egressFault: "Our own network is at fault",
  dependencyUnavailable: "Workers cannot read a table",
  clockSkew: "The clock of a worker is wrong",
  crashLoop: "Workers do not stay up",
  oldestOrdered: "Ordered confirmations are too old",
  orderedBacklog: "Ordered confirmations pile up",
  orderedUnread: "Nobody reads the ordered queue",
  deadLetters: "Confirmations were given up",
  newDeadLetters: "More confirmations were given up",
  deadLettersOfPipeline: "The pipeline gave up confirmations",
  deadLettersOfMerchants: "Merchants lose many confirmations",
  callsFail: "Many calls to merchants fail",
  setAside: "Something cannot be read",
  auditSilent: "The audit is behind",
  tasksMissing: "Workers are missing",
  scaledToMax: "No more workers may be started",
  metricsRefused: "Metrics are refused",
  natPorts: "A NAT gateway is out of ports",
  tableThrottled: "A table is throttled",
  protectionOff: "Deletion protection is off",
  eventsBehind: "Events are late",
  eventsRefused: "Events are refused",
  receiptsUnrecorded: "Receipts are not recorded",
  smsOverCap: "SMS wait for their spending cap",
  channelsHeldBack: "Channels wait for our account",
  mailsBounce: "Mails bounce or are complained of",
  issuerUnavailable: "The issuer cannot be asked",
  functionFails: "A function fails",
  functionThrottled: "A function is held back",
} as const;

/**
 * The address of a heading as GitHub makes it.
 * @param runbook where the page is.
 * @default its path in this repository
 */
export function runbookAddress(heading: string, runbook: string = RUNBOOK): string {
  return `${runbook}#${heading.toLowerCase().replaceAll(" ", "-")}`;
}
