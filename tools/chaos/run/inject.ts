/** Carries the planned faults out at their times, and ends each of them again. */
import { GOOD_MERCHANTS, MOVED_ADDRESS, MOVING } from "../plan/merchants.ts";
import type { Fault, PlannedFault } from "../plan/fault.ts";
import { keepsFromCalling } from "../plan/own-fault.ts";
import { describeFault } from "../plan/plan.ts";
import { carryOutOwn, type OwnFaultOptions, pause } from "./carry-out-own.ts";
import type { MerchantFleet } from "../../../local/demo/fleet/split-fleet.ts";
import type { LocalWorker } from "../../../local/local-stack.ts";
import { allDone } from "./all-done.ts";
import type { AllowedDuplicates } from "./allowed-duplicates.ts";
import type { InFlightSteps } from "./channels/in-flight-steps.ts";
import type { QueueOperator } from "./queue-operator.ts";
import type { RedeliveryOperator } from "./redelivery-operator.ts";
import type { StreamFaults } from "./stream-faults.ts";

export interface InjectOptions extends OwnFaultOptions {
  readonly worker: LocalWorker;
  readonly fleet: MerchantFleet;
  readonly streamFaults: StreamFaults;
  readonly operator: QueueOperator;
  readonly redeliveries: Pick<RedeliveryOperator, "carryOut">;
  readonly allowed: AllowedDuplicates;
  readonly steps: Pick<InFlightSteps, "workerEnded">;
  /** Age of batches that may be replayed, in milliseconds: the queue must have forgotten them. */
  readonly replayAgeMs: number;
  readonly note: (line: string) => void;
}

const LOOK_EVERY_MS = 20;
/** How long a fault that needs a running worker waits for one. */
const WORKER_WITHIN_MS = 5000;
/**
 * How long a table takes that is slow while a worker is asked to stop: a fraction of the time that the worker has for
 * it.
 */
const RECORDS_HELD_MS = 800;
/** How long is waited for a delivery before a worker is asked to stop without one. */
const ACCEPTED_WITHIN_MS = 3000;
/** How long is waited for a message by a channel, and then for the end of the worker that sends it. */
const SEND_WITHIN_MS = 8000;

/** Resolves when the last fault has ended. */
export async function inject(faults: readonly PlannedFault[], startMs: number, options: InjectOptions): Promise<void> {
  let workerFaults = Promise.resolve();
  let callFaults = Promise.resolve();
  const carriedOut = faults.map(async (planned) => {
    await pause(Math.max(0, startMs + planned.atMs - Date.now()), options);
    if (options.interruption.aborted) return;
    options.note(describeFault(planned));
    const { kind } = planned.fault;
    const isOfWorker = kind === "worker killed" || kind === "worker stopped" || kind === "killed around a send";
    if (keepsFromCalling(planned.fault)) {
      callFaults = callFaults.then(() => carryOut(planned.fault, options));
      return callFaults;
    }
    if (!isOfWorker) return carryOut(planned.fault, options);
    // One end of the worker after the other: each is accounted for before the next.
    workerFaults = workerFaults.then(() => endWorker(planned.fault, options));
    return workerFaults;
  });
  await allDone(carriedOut);
  options.board.clear();
  options.clocks.reset();
}

async function endWorker(fault: Fault, options: InjectOptions): Promise<void> {
  if (fault.kind === "killed around a send") return killAroundSend(fault, options);
  const { worker, board, interruption } = options;
  const untilMs = Date.now() + WORKER_WITHIN_MS;
  while (worker.pid === undefined && Date.now() < untilMs && !interruption.aborted) await pause(LOOK_EVERY_MS, options);
  if (worker.pid === undefined || interruption.aborted) return;
  const isKill = fault.kind === "worker killed";
  if (!isKill) await untilRecordsWait(options);
  let isTableFaulty = board.isTableFaulty;
  const looking = setInterval(() => (isTableFaulty ||= board.isTableFaulty), LOOK_EVERY_MS);
  await worker.kill(isKill ? "SIGKILL" : "SIGTERM");
  clearInterval(looking);
  board.holdRecords(0);
  await workerEnded(isKill || isTableFaulty, options);
}

async function killAroundSend(
  fault: Extract<Fault, { readonly kind: "killed around a send" }>,
  options: InjectOptions,
): Promise<void> {
  const { worker, board, book } = options;
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let isEnded = false;
  const end = async () => {
    await worker.kill("SIGKILL");
    isEnded = true;
    resolve();
  };
  const fromMs = Date.now();
  const takeBack = board.killAroundNext(fault.service, { at: fault.at, end });
  await Promise.race([ended, pause(SEND_WITHIN_MS, options)]);
  // One that was taken by then is on its way.
  if (!takeBack()) await Promise.race([ended, pause(SEND_WITHIN_MS, options)]);
  book.ended(fault, fromMs, Date.now(), isEnded ? 1 : 0);
  if (isEnded) await workerEnded(true, options);
}

/** To be called as soon as its process is gone. @param isAllowed whether what was in flight may be done once more */
async function workerEnded(isAllowed: boolean, { names, allowed, steps, note }: InjectOptions): Promise<void> {
  names.workerBegins();
  const deliveries = await allowed.workerEnded(Date.now(), isAllowed);
  const sent = await steps.workerEnded(isAllowed);
  const whether = isAllowed ? "" : ", which must not be";
  for (const [count, what] of [
    [deliveries, "deliveries"],
    [sent, "steps of channels"],
  ] as const)
    if (count > 0) note(`        ${count} ${what} were in flight when the worker ended${whether}`);
}

/**
 * Has the table be slow, and resolves when a merchant has accepted something since then: its record cannot have been
 * written yet.
 */
async function untilRecordsWait(options: InjectOptions): Promise<void> {
  const { board, fleet, interruption } = options;
  board.holdRecords(RECORDS_HELD_MS);
  const { confirmed } = await fleet.counts();
  const untilMs = Date.now() + ACCEPTED_WITHIN_MS;
  while ((await fleet.counts()).confirmed === confirmed && Date.now() < untilMs && !interruption.aborted)
    await pause(LOOK_EVERY_MS, options);
}

async function carryOut(fault: Fault, options: InjectOptions): Promise<void> {
  const { board, book, fleet, names, operator, redeliveries, streamFaults, replayAgeMs } = options;
  const fromMs = Date.now();
  switch (fault.kind) {
    case "stream failing":
    case "channel faulty":
    case "table faulty":
    case "queue faulty":
      board.begin(fault);
      await pause(fault.durationMs, options);
      board.end(fault);
      book.ended(fault, fromMs, Date.now(), board.hitsOf(fault));
      return;
    case "stream replayed":
      await streamFaults.replay(fault.batches, replayAgeMs);
      return;
    case "queue purged":
      return operator.purge(fault.queues);
    case "redelivery":
      return redeliveries.carryOut(fault);
    case "parts purged":
      await operator.purgeParts();
      book.counted(fault.kind, 1);
      return;
    case "poison messages":
      return operator.poison(fault.queue);
    case "dead letters put back":
      return operator.putBack(fault.letters, fault.queue);
    case "merchant turned": {
      const { merchantId, behaviour } = GOOD_MERCHANTS[fault.merchant] ?? { merchantId: "" };
      await fleet.turn(merchantId, fault.into);
      await pause(fault.durationMs, options);
      if (behaviour !== undefined) await fleet.turn(merchantId, behaviour);
      return;
    }
    case "name dead":
      names.dead(fault.how);
      await pause(fault.durationMs, options);
      names.dead(undefined);
      return;
    case "name moved":
      // In the name first, as whoever moves does it.
      names.moved();
      await fleet.move(MOVING, MOVED_ADDRESS);
      return;
    case "worker killed":
    case "worker stopped":
    case "killed around a send":
      throw new Error(`${fault.kind} is carried out by endWorker`);
    default:
      return carryOutOwn(fault, options);
  }
}
