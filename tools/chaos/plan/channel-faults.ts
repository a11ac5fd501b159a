/**
 * What befalls channels alone: a service of theirs that fails, a worker that is killed around one send, a function that
 * is ended while it takes receipts or acknowledgements. Drawn apart from the rest, so that a seed's other faults stay
 * what they were.
 */
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";
import { CHANNEL_FAULTS, SEND_SERVICES } from "../proxy/channel-sends.ts";
import type { Fault, PlannedFault } from "./fault.ts";

/** Apart from what the seed draws else. */
const OWN_SEED = 0xfa17;
const FIRST_AT = 0.1;
const LAST_AT = 0.85;
const LASTS = { shortest: 1500, longest: 3500 } as const;
const SLOW_MS = { shortest: 500, longest: 4000 } as const;
const MOST_KILLS = 3;
/** Each one takes what the worker had in flight out of sight for a while. */
const KILLS = 3;
const KILLED = [FUNCTION_NAMES.receiveReceipts, FUNCTION_NAMES.receiveAcknowledgements] as const;
/** Every service in one manner, kills around three sends, one function. */
export const CHANNEL_FAULTS_OF_A_RUN = SEND_SERVICES.length + KILLS + 1;

/** @param count of them, from their kinds in turn */
export function planChannelFaults(seed: number, durationMs: number, count: number): PlannedFault[] {
  const random = seededRandom(seed ^ OWN_SEED);
  const all = drawAll(seed, random);
  const step = ((LAST_AT - FIRST_AT) * durationMs) / Math.max(1, count);
  return Array.from({ length: count }, (_, index): PlannedFault => {
    const fault = all[(seed * count + index) % all.length] as Fault;
    return { atMs: Math.round(FIRST_AT * durationMs + (index + random()) * step), fault };
  });
}

/** Kinds take turns, so that a few in a row have some of each. */
function drawAll(seed: number, random: () => number): Fault[] {
  const between = ({ shortest, longest }: typeof LASTS | typeof SLOW_MS) =>
    Math.round(shortest + random() * (longest - shortest));
  const faulty = SEND_SERVICES.map((service, index): Fault => ({
    kind: "channel faulty",
    service,
    how: CHANNEL_FAULTS[(seed + index) % CHANNEL_FAULTS.length] ?? CHANNEL_FAULTS[0],
    slowMs: between(SLOW_MS),
    durationMs: between(LASTS),
  }));
  const kills = Array.from({ length: KILLS }, (_, index): Fault => {
    const turn = seed * KILLS + index;
    return {
      kind: "killed around a send",
      service: SEND_SERVICES[turn % SEND_SERVICES.length] ?? SEND_SERVICES[0],
      at: Math.floor(turn / SEND_SERVICES.length + index) % 2 === 0 ? "after" : "before",
    };
  });
  const functionName = KILLED[seed % KILLED.length] ?? KILLED[0];
  const ended: Fault = { kind: "function killed", functionName, kills: 1 + Math.floor(random() * MOST_KILLS) };
  return faulty.flatMap((fault, index) => [kills[index] ?? [], fault].flat()).toSpliced(2, 0, ended);
}
