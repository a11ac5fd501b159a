/** How deep a hop is below the first one, so that a table shows who called whom. */
interface Placed {
  readonly id: string;
  readonly parentId?: string;
}

/** As deep as styles go; what is deeper is shown so deep. */
export const DEEPEST = 8;

/** @param hops each after the one before it. A parent that is not among them counts as the start */
export function depthsOf(hops: readonly Placed[]): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const { id, parentId } of hops) {
    const above = parentId === undefined ? undefined : depths.get(parentId);
    depths.set(id, above === undefined ? 0 : Math.min(above + 1, DEEPEST));
  }
  return depths;
}
