/**
 * Puts off what need not be done at once, until more of its kind can be done right after it. What a confirmation takes
 * in one go (the kernel's part of a read or a write, and ours before and after it) is more code than the processor's
 * nearest cache holds: done in turn for each confirmation, each part of it would be fetched anew.
 */

/**
 * @param act must not throw
 * @returns has it done as soon as what runs now has run, promises included, with all that was put off meanwhile
 */
export function togetherAfterThis<Item>(act: (item: Item) => void): (item: Item) => void {
  return together(act, (actOnAll) => process.nextTick(actOnAll));
}

/**
 * Goes on once all was read that has come in this turn of the loop, one after the other in the order of the calls.
 *
 * @param goOn must not throw
 */
export const goOnAfterReads: (goOn: () => void) => void = together(
  (goOn) => goOn(),
  (actOnAll) => setImmediate(actOnAll),
);

function together<Item>(act: (item: Item) => void, later: (actOnAll: () => void) => void): (item: Item) => void {
  let putOff: Item[] = [];
  const actOnAll = (): void => {
    const items = putOff;
    putOff = [];
    for (const item of items) act(item);
  };
  return (item) => {
    if (putOff.push(item) === 1) later(actOnAll);
  };
}
