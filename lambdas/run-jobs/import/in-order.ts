/** Results of calls that are made some at once, in the order of what they are for, and no more than those in memory. */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  call: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  for (let from = 0; from < items.length; from += atOnce)
    yield* await Promise.all(items.slice(from, from + atOnce).map(call));
}
