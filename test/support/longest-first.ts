/**
 * Files that take long begin first, so that none of them is left alone at the end: jest's own order is by the size of a
 * file where it has not seen it before, and some of the longest only import their tests.
 *
 * @see https://jestjs.io/docs/configuration#testsequencer-string
 */
import { statSync } from "node:fs";

interface TestFile {
  readonly path: string;
}

/** By what is in their path; the rest comes after them, the largest first. */
const LONGEST = [
  "/test/flow/channels-kills",
  "/test/flow/rolling-deploy",
  "/test/flow/chaos",
  "/tools/bench/cost/smoke",
  "/test/flow/held-back",
  "/test/flow/deliveries.test.ts",
  "/test/flow/connections.test.ts",
  "/confirmations-api/planted-faults",
  "/test/flow/channels",
  "/test/flow/told",
  "/test/flow/redelivery",
  "/test/flow/commands",
  "/test/lib/stack.test.ts",
  "/test/flow/",
  "/test/lib/",
];

class LongestFirst {
  sort<Test extends TestFile>(tests: readonly Test[]): Test[] {
    return tests.toSorted(
      (left, right) => rank(left) - rank(right) || statSync(right.path).size - statSync(left.path).size,
    );
  }

  /** What failed last is not known. */
  allFailedTests(): readonly TestFile[] {
    return [];
  }

  cacheResults(): void {}
}

function rank({ path }: TestFile): number {
  const index = LONGEST.findIndex((part) => path.includes(part));
  return index === -1 ? LONGEST.length : index;
}

// oxlint-disable-next-line import/no-default-export -- jest takes a sequencer by no other name
export default LongestFirst;
