/** What `npm run chaos -- …` takes. */
import { DELIVERY_MODES, type DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { TRANSPORTS, type TransportName } from "../../core/http/transport.ts";
import {
  type Command,
  DELIVERY_OPTION,
  JSON_OPTION,
  SEED_OPTION,
  TRANSPORT_OPTION,
} from "../../local/command-line/command.ts";
import { oneOf, optionsOf, wholeNumber } from "../../local/command-line/parse.ts";

export const SCENARIOS = ["faults", "outage", "silent"] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface ChaosOptions {
  readonly scenario: Scenario;
  readonly delivery: DeliveryMode;
  readonly transport: TransportName;
  /** Prints the totals as one line of JSON, last of all. */
  readonly json: boolean;
  /** Of the first run; each further run has the next one. */
  readonly seed: number;
  /** Runs are begun as long as another one fits into this. */
  readonly minutes: number;
  /** Exactly so many runs, whatever the time. */
  readonly runs?: number;
  /** Whether healthy merchants are measured beside hostile ones. */
  readonly neighbour: boolean;
}

export const CHAOS_COMMAND = {
  name: "npm run chaos",
  does: "Faults from a seed against the stack on this machine, and an account of every transaction from outside.",
  code: "CHAOS_OPTIONS_INVALID",
  options: {
    seed: { ...SEED_OPTION, says: "of the first run; each further run has the next one (a random one)" },
    minutes: { type: "string", default: "8", takes: "<number>", says: "runs are begun as long as one more fits in" },
    runs: { type: "string", takes: "<number>", says: "exactly so many runs, whatever the time" },
    "no-neighbour": { type: "boolean", default: false, says: "measures no healthy merchants beside hostile ones" },
    scenario: { type: "string", default: "faults", takes: SCENARIOS.join("|"), says: "what happens" },
    delivery: { ...DELIVERY_OPTION, default: "fargate" },
    transport: { ...TRANSPORT_OPTION, default: "http1" },
    json: JSON_OPTION,
  },
} as const satisfies Command;

/** Below this there is no time to measure neighbours. */
const MEASUREMENT_MINUTES = 5;
const MINUTES_MAX = 24 * 60;
const RUNS_MAX = 10_000;
const SEED_MAX = 2 ** 31;

/** @param randomSeed the seed where none is given. @throws LocalError CHAOS_OPTIONS_INVALID */
export function parseChaosOptions(args: readonly string[], randomSeed: () => number): ChaosOptions {
  return optionsOf(CHAOS_COMMAND, args, ({ values }) => {
    const minutes = wholeNumber("--minutes", values.minutes, 1, MINUTES_MAX);
    return {
      scenario: oneOf("--scenario", values.scenario, SCENARIOS),
      delivery: oneOf("--delivery", values.delivery, DELIVERY_MODES),
      transport: oneOf("--transport", values.transport, TRANSPORTS),
      json: values.json,
      seed: values.seed === undefined ? randomSeed() : wholeNumber("--seed", values.seed, 0, SEED_MAX),
      minutes,
      ...(values.runs !== undefined && { runs: wholeNumber("--runs", values.runs, 1, RUNS_MAX) }),
      neighbour: !values["no-neighbour"] && minutes >= MEASUREMENT_MINUTES,
    };
  });
}
