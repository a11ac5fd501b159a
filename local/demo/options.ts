/** What `npm run demo -- …` takes. */
import { SOURCES } from "../../core/restore/evidence.ts";
import { TRANSPORTS, type TransportName } from "../../core/http/transport.ts";
import { DELIVERY_MODES, type DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { type Command, DELIVERY_OPTION, JSON_OPTION, SEED_OPTION, TRANSPORT_OPTION } from "../command-line/command.ts";
import { CommandLineError, oneOf, optionsOf, wholeNumber } from "../command-line/parse.ts";

export interface DemoOptions {
  readonly transactions: number;
  /** Rows of a file that is imported, in the place of transactions that are inserted. */
  readonly importRows?: number;
  /** Prints the account as one line of JSON, last of all. */
  readonly json: boolean;
  /** Switches merchants from an old system, in the place of the main job. */
  readonly cutover: boolean;
  /** Kills the worker several times on the way. */
  readonly killWorker: boolean;
  readonly delivery: DeliveryMode;
  readonly transport: TransportName;
  /** Which transactions are drawn, and how the merchants answer. */
  readonly seed: number;
  /** The table is damaged, and restored from a backup of the middle of the run. */
  readonly restoreDrill?: {
    /** What the restore has to do without; without the table, all of that is gone. */
    readonly without: readonly DrillSource[];
  };
}

export const DRILL_SOURCES = ["table", ...SOURCES] as const;
export type DrillSource = (typeof DRILL_SOURCES)[number];

const DEFAULT_TRANSACTIONS = 10_000;
const DRILL_TRANSACTIONS = 2000;

export const DEMO_COMMAND = {
  name: "npm run demo",
  does: "The main job on this machine, from fresh state to an account of every single transaction.",
  code: "DEMO_OPTIONS_INVALID",
  options: {
    transactions: {
      type: "string",
      takes: "<number>",
      says: `transactions that are inserted (${DEFAULT_TRANSACTIONS}, of a drill ${DRILL_TRANSACTIONS})`,
    },
    import: {
      type: "string",
      takes: "<rows>",
      says: "imports a file of so many rows, 1 % of them bad, in the place of inserting",
    },
    cutover: {
      type: "boolean",
      default: false,
      says: "switches 50 merchants from an old system beside it, one after the other, and some of them back",
    },
    "kill-worker": {
      type: "boolean",
      default: false,
      says: "kills the worker again and again meanwhile; in a drill, what restores",
    },
    "restore-drill": {
      type: "boolean",
      default: false,
      says: "damages the table, and restores it from a backup of the middle of the run",
    },
    without: {
      type: "string",
      takes: "<sources>",
      says: `of a drill: ${["table", ...SOURCES].join(", ")}, those that are gone, joined by commas`,
    },
    delivery: { ...DELIVERY_OPTION, default: "fargate" },
    transport: { ...TRANSPORT_OPTION, default: "http1" },
    seed: SEED_OPTION,
    json: JSON_OPTION,
  },
} as const satisfies Command;

const TRANSACTIONS_MAX = 1_000_000;
const SEED_MAX = 2 ** 31;

/** @param randomSeed the seed where none is given. @throws LocalError DEMO_OPTIONS_INVALID */
export function parseOptions(args: readonly string[], randomSeed: () => number): DemoOptions {
  return optionsOf(DEMO_COMMAND, args, ({ values }) => {
    if (values.cutover && (values.import !== undefined || values["kill-worker"] || values["restore-drill"]))
      throw new CommandLineError("--cutover goes without --import, --kill-worker and --restore-drill");
    const drill = drillIn(values["restore-drill"], values.without);
    if (drill !== undefined && values.import !== undefined)
      throw new CommandLineError("--restore-drill inserts, expected no --import beside it");
    return {
      ...(drill !== undefined && { restoreDrill: drill }),
      ...(values.import !== undefined && { importRows: wholeNumber("--import", values.import, 1, TRANSACTIONS_MAX) }),
      transactions:
        values.transactions === undefined
          ? drill === undefined
            ? DEFAULT_TRANSACTIONS
            : DRILL_TRANSACTIONS
          : wholeNumber("--transactions", values.transactions, 1, TRANSACTIONS_MAX),
      json: values.json,
      cutover: values.cutover,
      killWorker: values["kill-worker"],
      delivery: oneOf("--delivery", values.delivery, DELIVERY_MODES),
      transport: oneOf("--transport", values.transport, TRANSPORTS),
      seed: values.seed === undefined ? randomSeed() : wholeNumber("--seed", values.seed, 0, SEED_MAX),
    };
  });
}

function drillIn(isDrill: boolean, without: string | undefined): DemoOptions["restoreDrill"] {
  if (!isDrill && without !== undefined)
    throw new CommandLineError("--without is of a drill, expected --restore-drill");
  if (!isDrill) return undefined;
  return { without: (without?.split(",") ?? []).map((one) => oneOf("--without", one.trim(), DRILL_SOURCES)) };
}
