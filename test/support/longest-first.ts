/**
 * Files that take long begin first, so that none of them is left alone at the end: jest's own order is by the size of a
 * file where it has not seen it before, and some of the longest only import their tests. A flow takes a third of a core
 * and waits for the rest; so the flows are spread over the run, and what computes is run beside them.
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
  "/test/flow/deliveries.test.ts",
  "/test/flow/held-back",
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
const FLOW = "/test/flow/";
/** Of what computes, how much is left for when the last flow has begun. */
const AFTER_FLOWS = 0.4;

class LongestFirst {
  readonly #workers: number;

  constructor({ globalConfig }: { readonly globalConfig: { readonly maxWorkers: number } }) {
    this.#workers = globalConfig.maxWorkers;
  }

  sort<Test extends TestFile>(tests: readonly Test[]): Test[] {
    const longestFirst = tests.toSorted(
      (left, right) => rank(left) - rank(right) || statSync(right.path).size - statSync(left.path).size,
    );
    const { flows = [], others = [] } = Object.groupBy(longestFirst, ({ path }) =>
      path.includes(FLOW) ? "flows" : "others",
    );
    const first = flows.splice(0, this.#workers - 1);
    return [...first, ...spread(flows, others)];
  }

  /** What failed last is not known. */
  allFailedTests(): readonly TestFile[] {
    return [];
  }

  cacheResults(): void {}
}

/** Both in their order, with as many of the others before each flow. */
function spread<Test>(flows: readonly Test[], others: readonly Test[]): Test[] {
  const before = Math.ceil((others.length * (1 - AFTER_FLOWS)) / Math.max(1, flows.length));
  const beside = flows.flatMap((flow, index) => [...others.slice(index * before, (index + 1) * before), flow]);
  return [...beside, ...others.slice(flows.length * before)];
}

function rank({ path }: TestFile): number {
  const index = LONGEST.findIndex((part) => path.includes(part));
  return index === -1 ? LONGEST.length : index;
}

// oxlint-disable-next-line import/no-default-export -- jest takes a sequencer by no other name
export default LongestFirst;
