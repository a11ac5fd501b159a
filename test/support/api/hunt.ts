/** Sends generated requests, and judges each answer by the document alone. */
import fc from "fast-check";
import type { ApiDescription } from "./described-operations.ts";
import { AnswerJudge } from "./judge-answer.ts";
import { KnownThings } from "./known-things.ts";
import { requestPlans } from "./plan-requests.ts";
import { describeRequest, filledIn, type Send } from "./request-plan.ts";

export interface HuntOptions {
  readonly api: ApiDescription;
  readonly send: Send;
  readonly requests: number;
  readonly seed: number;
  readonly allScopes: readonly string[];
  readonly merchantIds: readonly [string, ...string[]];
  /** Ids that are there from the beginning, by the name of their member. */
  readonly seeds: Readonly<Record<string, readonly string[]>>;
  /** Whether the first fault is made smaller before it is told. @default true */
  readonly shrinks?: boolean;
}

export interface HuntResult {
  /** The first fault with its request, and how to have it again. Undefined: none was found. */
  readonly fault: string | undefined;
  /** Answers, by operation or what else, and status. */
  readonly tally: ReadonlyMap<string, number>;
}

export async function hunt(options: HuntOptions): Promise<HuntResult> {
  const { api, send, requests, seed, shrinks = true } = options;
  const inPaths = api.operations.flatMap(({ parameters }) => parameters.filter((one) => one.in === "path"));
  const names = [...inPaths.map(({ name }) => name), ...Object.keys(options.seeds), "cursor", "if-match"];
  const known = new KnownThings({ ...Object.fromEntries(names.map((name) => [name, []])), ...options.seeds });
  const judge = new AnswerJudge(api);
  const tally = new Map<string, number>();
  const property = fc.asyncProperty(requestPlans(api, { ...options, pools: new Set(names) }), async (plan) => {
    const request = filledIn(plan, known.fillIn, known.pageAt);
    const answer = await send(request);
    known.learn(request, answer);
    const { pathname } = new URL(request.target, "http://x");
    const counted = `${plan.method} ${pathname.split("/").slice(0, 3).join("/")} ${answer.status}`;
    tally.set(counted, (tally.get(counted) ?? 0) + 1);
    const faults = judge.faultsOf(request, answer);
    if (faults.length > 0)
      throw new Error(
        `${faults.join("\n")}\n\n${describeRequest(request)}\n\n${answer.status} ${answer.text.slice(0, 600)}`,
      );
  });
  const checked = await fc.check(property, { numRuns: requests, seed, endOnFailure: !shrinks, verbose: 0 });
  if (!checked.failed) return { fault: undefined, tally };
  const { errorInstance, counterexamplePath, numRuns } = checked;
  const cause = errorInstance instanceof Error ? errorInstance : new Error(String(errorInstance));
  return { fault: `request ${numRuns} of seed ${seed} (path ${counterexamplePath}): ${cause.message}`, tally };
}
