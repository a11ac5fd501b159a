/** The audits that a stack begins with, which are over before a test counts what another one finds. */
import type { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** Resolves once they are over. */
export async function firstAuditsOver({ stack }: Pick<Pipeline, "stack">): Promise<void> {
  const invoke = (audit: "due" | "status") => stack.invoke("audit-transactions", { audit });
  await waitFor("the audits of the start are over", async () => {
    const runs = (await invoke("status")) as readonly ({ readonly finishedAt?: number } | null)[];
    // On a busy machine the schedule's first invocation may have failed, and the next one comes in an hour.
    if (runs.includes(null)) await invoke("due");
    return runs.every((one) => one?.finishedAt !== undefined) ? true : undefined;
  });
}
