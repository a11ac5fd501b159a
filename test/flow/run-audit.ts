/** An audit, from its beginning to its end, as an operator has one run. */
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { LocalStack } from "../../local/local-stack.ts";
import { waitFor } from "./wait-for.ts";

interface RunStatus {
  readonly runId: string;
  readonly finishedAt?: number;
  readonly totals?: Readonly<Record<string, number>>;
}

/** @returns its totals. One that runs already, such as that of a new stack, is waited for first. */
export async function runAudit(
  stack: Pick<LocalStack, "invoke">,
  event: { readonly audit: string; readonly day?: string },
): Promise<Readonly<Record<string, number>>> {
  const invoke = (asked: object) => stack.invoke(FUNCTION_NAMES.auditTransactions, asked);
  const started = await waitFor("an audit begins", async () => {
    const response = (await invoke(event)) as { readonly is: string; readonly runId: string };
    return response.is === "started" ? response : undefined;
  });
  return waitFor(`the audit ends: ${event.audit}`, async () => {
    const runs = (await invoke({ audit: "status" })) as readonly (RunStatus | null)[];
    const found = runs.find((one) => one?.runId === started.runId);
    return found?.finishedAt === undefined ? undefined : found.totals;
  });
}
