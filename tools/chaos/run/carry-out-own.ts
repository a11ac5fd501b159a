/** Carries out the faults of our own surroundings, ends each of them again, and counts the calls that each touched. */
import { setTimeout as sleep } from "node:timers/promises";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import type { MerchantFleet } from "../../../local/demo/fleet/split-fleet.ts";
import type { LocalStack } from "../../../local/local-stack.ts";
import type { ProgramClocks } from "../clock/program-clocks.ts";
import type { ProgramEgress } from "../egress/program-egress.ts";
import type { Fault } from "../plan/fault.ts";
import { keepsFromCalling } from "../plan/own-fault.ts";
import { RUN_MERCHANTS } from "../plan/merchants.ts";
import { SERVER_OF } from "../proxy/dependency.ts";
import type { FaultBoard } from "./fault-board.ts";
import type { MerchantNames } from "./merchant-names.ts";
import type { OwnFaultBook } from "./own-fault-book.ts";
import type { Proxies } from "./proxies.ts";
import type { WorkerOffsets } from "./worker-offsets.ts";

export interface OwnFaultOptions {
  readonly stack: Pick<LocalStack, "invoke" | "endInvocations">;
  readonly fleet: Pick<MerchantFleet, "counts">;
  readonly book: OwnFaultBook;
  readonly board: FaultBoard;
  readonly proxies: Pick<Proxies, "open" | "close">;
  readonly names: MerchantNames;
  readonly egress: ProgramEgress;
  readonly clocks: ProgramClocks;
  readonly workerOffsets: WorkerOffsets;
  readonly interruption: AbortSignal;
}

type Of<Kind extends Fault["kind"]> = Extract<Fault, { readonly kind: Kind }>;
export type OwnFault = Of<
  | "dependency down"
  | "names down"
  | "family down"
  | "egress down"
  | "clock off"
  | "clock stepped"
  | "function killed"
  | "schedule doubled"
  | "item throttled"
>;

const DAY_MS = 24 * 3_600_000;
const LOOK_EVERY_MS = 20;
/** How long is waited for an invocation to kill. */
const KILL_WITHIN_MS = 4000;
/** What few programs call is called while it is down. */
const ASKED_FOR: ReadonlySet<string> = new Set(["secrets", "s3"]);
const ASK_EVERY_MS = 2000;
const CALLING_WITHIN_MS = 5000;
const CALLS_BEFORE = 6;
const SCHEDULED = { source: "aws.events" };

export async function carryOutOwn(fault: OwnFault, options: OwnFaultOptions): Promise<void> {
  const { book, board } = options;
  if (keepsFromCalling(fault)) await untilCalling(options);
  const fromMs = Date.now();
  await carryOut(fault, options);
  book.ended(fault, fromMs, Date.now(), board.hitsOf(fault));
}

/** What nobody is called during would prove nothing: another fault may have brought everything to a stand. */
async function untilCalling(options: OwnFaultOptions): Promise<void> {
  const { fleet, interruption } = options;
  const { deliveries } = await fleet.counts();
  const untilMs = Date.now() + CALLING_WITHIN_MS;
  const areFew = async () => (await fleet.counts()).deliveries < deliveries + CALLS_BEFORE;
  while (Date.now() < untilMs && !interruption.aborted && (await areFew())) await pause(LOOK_EVERY_MS, options);
}

async function carryOut(fault: OwnFault, options: OwnFaultOptions): Promise<void> {
  switch (fault.kind) {
    case "dependency down":
      return dependencyDown(fault, options);
    case "names down":
      return namesDown(fault, options);
    case "family down":
      return familyDown(fault, options);
    case "egress down":
      return egressDown(fault, options);
    case "clock off":
    case "clock stepped":
      return clockOff(fault, options);
    case "function killed":
      return killFunction(fault, options);
    case "schedule doubled":
      options.board.noteHits(fault, 1);
      // It may go on for as long as a run does.
      options.stack.invoke(fault.functionName, SCHEDULED).catch(() => undefined);
      return;
    case "item throttled":
      options.board.begin(fault);
      await pause(fault.durationMs, options);
      options.board.end(fault);
  }
}

/** Ends early when the suite is interrupted. */
export async function pause(
  milliseconds: number,
  { interruption }: Pick<OwnFaultOptions, "interruption">,
): Promise<void> {
  await sleep(milliseconds, undefined, { signal: interruption }).catch(() => undefined);
}

async function dependencyDown(fault: Of<"dependency down">, options: OwnFaultOptions): Promise<void> {
  const { board, proxies, stack } = options;
  const server = SERVER_OF[fault.dependency];
  const isRefusing = fault.manner === "refusing";
  board.begin(fault);
  if (isRefusing) board.noteHits(fault, await proxies.close(server));
  // What becomes of them is theirs to tell: audits go on by themselves, keys are asked for again.
  const untilMs = Date.now() + fault.durationMs;
  if (ASKED_FOR.has(fault.dependency))
    for (; Date.now() < untilMs - ASK_EVERY_MS && board.hitsOf(fault) === 0; await pause(ASK_EVERY_MS, options))
      for (const asking of asked(stack)) asking.catch(() => undefined);
  await pause(Math.max(0, untilMs - Date.now()), options);
  if (isRefusing) await proxies.open(server);
  board.end(fault);
}

function asked(stack: OwnFaultOptions["stack"]): Promise<unknown>[] {
  const day = new Date(Date.now() - DAY_MS).toISOString().slice(0, "2026-01-01".length);
  const { merchantId = "" } = RUN_MERCHANTS[0] ?? {};
  return [
    stack.invoke(FUNCTION_NAMES.auditTransactions, { audit: "manifests", day }),
    stack.invoke(FUNCTION_NAMES.signingKeys, { pathParameters: { merchantId } }),
  ];
}

async function namesDown(fault: Of<"names down">, options: OwnFaultOptions): Promise<void> {
  const { board, names } = options;
  // A closed port hears no questions; each new name is one.
  const touched = () => (fault.how === "refusing" ? names.count : names.asked);
  const before = touched();
  await names.allDown(fault.how);
  await pause(fault.durationMs, options);
  await names.allUp();
  board.noteHits(fault, touched() - before);
}

async function familyDown(fault: Of<"family down">, options: OwnFaultOptions): Promise<void> {
  const { board, names } = options;
  const family = fault.how === "A SERVFAIL" ? "A" : "AAAA";
  const before = names.askedFor(family);
  names.familyDown(fault.how);
  await pause(fault.durationMs, options);
  names.familyDown(undefined);
  board.noteHits(fault, names.askedFor(family) - before);
}

async function egressDown(fault: Of<"egress down">, options: OwnFaultOptions): Promise<void> {
  const { board, egress } = options;
  const before = egress.hits;
  egress.set(fault.how);
  await pause(fault.durationMs, options);
  egress.set("open");
  board.noteHits(fault, egress.hits - before);
}

/** It touches every call that the program makes meanwhile. */
async function clockOff(fault: Of<"clock off" | "clock stepped">, options: OwnFaultOptions): Promise<void> {
  const { board, clocks, workerOffsets } = options;
  const { program } = fault;
  const byMs = fault.bySeconds * 1000;
  const before = board.calls[program];
  const isOfWorker = program === "worker";
  clocks.step(program, byMs);
  if (isOfWorker) workerOffsets.changed(byMs, Date.now());
  await pause(fault.durationMs, options);
  clocks.step(program, 0);
  if (isOfWorker) workerOffsets.changed(0, Date.now());
  board.noteHits(fault, board.calls[program] - before);
}

async function killFunction(fault: Of<"function killed">, options: OwnFaultOptions): Promise<void> {
  const { board, stack, interruption } = options;
  for (let kill = 0; kill < fault.kills; kill += 1) {
    const untilMs = Date.now() + KILL_WITHIN_MS;
    let ended = 0;
    while (ended === 0 && Date.now() < untilMs && !interruption.aborted) {
      await pause(LOOK_EVERY_MS, options);
      ended = await stack.endInvocations(fault.functionName);
    }
    board.noteHits(fault, ended);
    // What has a schedule is begun again by it, here sooner than each minute.
    if (fault.functionName === FUNCTION_NAMES.releaseDue)
      stack.invoke(fault.functionName, SCHEDULED).catch(() => undefined);
    await pause(KILL_WITHIN_MS / 4, options);
  }
}
