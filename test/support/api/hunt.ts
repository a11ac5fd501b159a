/** Sends generated requests, and judges each answer by the document alone. */
import fc from "fast-check";
import type { ApiDescription } from "./described-operations.ts";
import { AnswerJudge } from "./judge-answer.ts";
import { KnownThings } from "./known-things.ts";
import { requestPlans } from "./plan-requests.ts";
import type { Plant } from "./planted-faults.ts";
import { type Answer, describeRequest, filledIn, type Send, type SentRequest } from "./request-plan.ts";

export interface HuntOptions {
  readonly api: ApiDescription;
  readonly send: Send;
  readonly requests: number;
  readonly seed: number;
  readonly allScopes: readonly string[];
  readonly merchantIds: readonly [string, ...string[]];
  /** Ids that are there from the beginning, by the name of their member. */
  readonly seeds: Readonly<Record<string, readonly string[]>>;
}

export interface HuntResult {
  /** The first fault with its request, and how to have it again. Undefined: none was found. */
  readonly fault: string | undefined;
  /** Answers, by operation or what else, and status. */
  readonly tally: ReadonlyMap<string, number>;
}

export async function hunt(options: HuntOptions): Promise<HuntResult> {
  const judge = new AnswerJudge(options.api);
  const tally = new Map<string, number>();
  const checked = await sendGenerated(options, true, (request, answer) => {
    const { pathname } = new URL(request.target, "http://x");
    const counted = `${request.method} ${pathname.split("/").slice(0, 3).join("/")} ${answer.status}`;
    tally.set(counted, (tally.get(counted) ?? 0) + 1);
    throwFaults(judge, request, answer);
  });
  if (!checked.failed) return { fault: undefined, tally };
  const { errorInstance, counterexamplePath, numRuns } = checked;
  const cause = errorInstance instanceof Error ? errorInstance : new Error(String(errorInstance));
  return { fault: `request ${numRuns} of seed ${options.seed} (path ${counterexamplePath}): ${cause.message}`, tally };
}

/**
 * Judges each answer as each planted fault would have it too, until all are found: the same requests find them all. A
 * fault that sends another request has it sent besides.
 * @throws Error for a fault that nobody planted
 * @returns the number of the request that found it, by name; none for what was not found
 */
export async function huntPlanted(
  options: HuntOptions,
  plants: Readonly<Record<string, Plant>>,
): Promise<ReadonlyMap<string, number>> {
  const judge = new AnswerJudge(options.api);
  const found = new Map<string, number>();
  const missing = new Map(Object.entries(plants));
  let sent = 0;
  const { errorInstance } = await sendGenerated(options, false, async (request, answer) => {
    sent += 1;
    throwFaults(judge, request, answer);
    const sendOnce: Send = async (another) => (another === request ? answer : options.send(another));
    for (const [name, plant] of missing) {
      if (judge.faultsOf(request, await plant(sendOnce)(request)).length === 0) continue;
      found.set(name, sent);
      missing.delete(name);
    }
    if (missing.size === 0) throw ALL_FOUND;
  });
  if (errorInstance !== null && errorInstance !== ALL_FOUND) throw errorInstance;
  return found;
}

const ALL_FOUND = new Error("All are found.");

function throwFaults(judge: AnswerJudge, request: SentRequest, answer: Answer): void {
  const faults = judge.faultsOf(request, answer);
  if (faults.length > 0)
    throw new Error(
      `${faults.join("\n")}\n\n${describeRequest(request)}\n\n${answer.status} ${answer.text.slice(0, 600)}`,
    );
}

/** @param look throws to end it. @param shrinks whether the request that ended it is made smaller first */
async function sendGenerated(
  { api, send, requests, seed, ...options }: HuntOptions,
  shrinks: boolean,
  look: (request: SentRequest, answer: Answer) => Promise<void> | void,
) {
  const inPaths = api.operations.flatMap(({ parameters }) => parameters.filter((one) => one.in === "path"));
  const names = [...inPaths.map(({ name }) => name), ...Object.keys(options.seeds), "cursor", "if-match"];
  const known = new KnownThings({ ...Object.fromEntries(names.map((name) => [name, []])), ...options.seeds });
  const property = fc.asyncProperty(requestPlans(api, { ...options, pools: new Set(names) }), async (plan) => {
    const request = filledIn(plan, known.fillIn, known.pageAt);
    const answer = await send(request);
    known.learn(request, answer);
    await look(request, answer);
  });
  return fc.check(property, { numRuns: requests, seed, endOnFailure: !shrinks, verbose: 0 });
}
