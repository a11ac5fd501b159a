/** Takes an entry out of a short list whose order does not count: the last one takes its place. */
export function takeOut<Entry>(list: Entry[], entry: Entry): void {
  const index = list.indexOf(entry);
  if (index === -1) return;
  const last = list.pop() as Entry;
  if (index < list.length) list[index] = last;
}
