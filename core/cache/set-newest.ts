/**
 * Puts an entry at the end of a Map as the newest and lets the oldest go where there are too many: exact to the last
 * entry, and in order, for a Map that is small or is set rarely. What is looked up all the time is a `RecentMap`.
 */
export function setNewest<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
