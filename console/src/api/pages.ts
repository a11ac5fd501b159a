/** Lists as the API gives them: a page, and the cursor of the next one. */

/** Of a page. */
export const PAGE_ITEMS = 50;
/** Pages that are looked through at once, where a filter leaves nothing of them. */
const MOST_EMPTY = 20;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | undefined;
}

/** @param cursor of the page before; undefined for the first one */
export function pageQuery(cursor: string | undefined): { readonly limit: number; readonly cursor?: string } {
  return { limit: PAGE_ITEMS, ...(cursor !== undefined && { cursor }) };
}

/** @returns a page with something in it, or the last one, or one after a bounded number of reads */
export async function pageWithItems<OnePage extends Page<unknown>>(
  read: (cursor: string | undefined) => Promise<OnePage>,
  cursor: string | undefined,
): Promise<OnePage> {
  let page = await read(cursor);
  for (let reads = 1; page.items.length === 0 && page.nextCursor !== undefined && reads < MOST_EMPTY; reads += 1)
    page = await read(page.nextCursor);
  return page;
}
