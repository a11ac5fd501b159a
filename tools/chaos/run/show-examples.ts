/**
 * Tells a person of the first few things that are wrong: the row as it is, and every delivery of the transaction with
 * its times.
 */
import type { Finding } from "../../../local/demo/evidence.ts";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import type { Stage } from "./stage.ts";

const EXAMPLES = 8;
const EXAMPLE_CHARACTERS = 1500;

export async function showExamples(
  { findings }: { readonly findings: readonly Finding[] },
  { table, fleet }: Pick<Stage, "table" | "fleet">,
  note: (line: string) => void,
): Promise<void> {
  if (findings.length === 0) return;
  const ledger = await fleet.ledger();
  for (const { kind, transactionId, detail } of findings.slice(0, EXAMPLES)) {
    note(`  ${kind}: ${transactionId}: ${detail}`);
    // A merchant's circuit is of no transaction.
    if (transactionId === "") continue;
    note(`    row: ${(await table.rowText(transactionId)).slice(0, EXAMPLE_CHARACTERS)}`);
    for (const one of ledger) if (one.transactionId === transactionId) note(`    ${describeDelivery(one)}`);
  }
  if (findings.length > EXAMPLES) note(`  … and ${findings.length - EXAMPLES} more`);
}

function describeDelivery({ sequence, version, arrivedAtMs, responseStatus, respondedAtMs = 0 }: Delivery): string {
  const arrived = `delivery ${sequence} of version ${version} arrived ${new Date(arrivedAtMs).toISOString()}`;
  return responseStatus === undefined
    ? `${arrived}, not answered while its caller was there`
    : `${arrived}, answered ${responseStatus} after ${respondedAtMs - arrivedAtMs} ms`;
}
