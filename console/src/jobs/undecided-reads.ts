/** What a restore left undecided: page by page, and how many, before somebody decides about all. */
import type { Api, Schemas } from "../api/api.ts";
import { pageQuery } from "./shown-job.ts";

/** As many as the API gives at once. */
const COUNTED_AT_ONCE = 100;

/** @param cursor of the page before; empty for the first one. @param limit items */
export function readUndecided(
  api: Api,
  jobId: string,
  cursor: string,
  signal: AbortSignal,
  limit?: number,
): Promise<Schemas["UndecidedPage"]> {
  const query = { ...pageQuery(cursor === "" ? undefined : cursor), ...(limit !== undefined && { limit }) };
  return api.ask((client) =>
    client.GET("/v1/restores/{jobId}/undecided", { params: { path: { jobId }, query }, signal }),
  );
}

/**
 * Those that nobody has decided about, of all pages: they are what a decision about all is about.
 *
 * @param onCounted told how many there are so far, after each page
 */
export async function countUndecided(
  api: Api,
  jobId: string,
  signal: AbortSignal,
  onCounted: (count: number) => void,
): Promise<number> {
  let [count, cursor]: [number, string | undefined] = [0, ""];
  while (cursor !== undefined) {
    const page: Schemas["UndecidedPage"] = await readUndecided(api, jobId, cursor, signal, COUNTED_AT_ONCE);
    count += page.items.filter(({ state }) => state === "undecided").length;
    cursor = page.nextCursor;
    onCounted(count);
  }
  return count;
}
