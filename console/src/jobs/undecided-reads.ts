/** What a restore left undecided: page by page, and how many, before somebody decides about all. */
import type { Api, Schemas } from "../api/api.ts";
import { pageQuery } from "../api/pages.ts";

/** As many as the API gives at once. */
const COUNTED_AT_ONCE = 100;

/** @param cursor of the page before; undefined for the first one. @param limit items */
export function readUndecided(
  api: Api,
  jobId: string,
  cursor: string | undefined,
  signal: AbortSignal,
  limit?: number,
): Promise<Schemas["UndecidedPage"]> {
  const query = { ...pageQuery(cursor), ...(limit !== undefined && { limit }) };
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
  let count = 0;
  let cursor: string | undefined;
  do {
    const page: Schemas["UndecidedPage"] = await readUndecided(api, jobId, cursor, signal, COUNTED_AT_ONCE);
    count += page.items.filter(({ state }) => state === "undecided").length;
    cursor = page.nextCursor;
    onCounted(count);
  } while (cursor !== undefined);
  return count;
}
