/**
 * What a user may set, with unit and default. The stack reads nothing else: `cdk deploy -c
 * settings='{"worker":{"maxTasks":40}}'`, `cdk.json`, and the stack on this machine all pass through `parseSettings`,
 * which reports every fault at once.
 */
import { z } from "zod";
import {
  DESTINATION_FORM,
  isServerAddress,
  parseListedDestination,
  SERVER_FORM,
} from "../merchant/destination-list.ts";
import { canarySettings, objectiveSettings, referenceMerchantSettings } from "./objective-settings.ts";
import { SCHEDULE_LIMITS } from "../retry/retry-schedule.ts";
import { describeFaults, settingPaths, shortly } from "./settings-faults.ts";
import { releaseRateFor, type Sizes, sizesFor, TABLE_WRITE_QUOTA } from "./sizes.ts";

/** Retention periods that CloudWatch Logs accepts, in days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const wholeNumber = (min: number, max: number) => z.int().min(min).max(max);

const workerSettings = z
  .strictObject({
    /** Tasks that always run. @default as many as get through targetRatePerSecond, at least one a zone: 4 */
    minTasks: wholeNumber(1, 1000).optional(),
    /** Most tasks that scaling may start. @default as many as get through peakRatePerSecond: 40 */
    maxTasks: wholeNumber(1, 1000).optional(),
    /** CPU units of a task, 1,024 = one vCPU. @default 1024 */
    cpu: z.literal([256, 512, 1024, 2048, 4096]).default(1024),
    /** Memory of a task in MiB; must be one that Fargate offers for `cpu`. @default 2048 */
    memoryMiB: wholeNumber(512, 30_720).default(2048),
    /**
     * Webhook calls that a task has under way at most; not below the ten messages that one receive brings.
     * @default 512
     */
    window: wholeNumber(10, 10_000).default(512),
    /** Confirmations a second that one task is counted with when tasks are sized. @default 500 */
    ratePerTask: wholeNumber(1, 100_000).default(500),
    /** Seconds between SIGTERM and SIGKILL; Fargate allows 120 at most. @default 120 */
    stopTimeoutSeconds: wholeNumber(10, 120).default(120),
  })
  .refine(({ minTasks = 0, maxTasks = Number.POSITIVE_INFINITY }) => minTasks <= maxTasks, {
    path: ["minTasks"],
    error: "expected at most worker.maxTasks; lower minTasks or raise maxTasks",
  });

const destinations = z.array(
  z.string().refine((entry) => parseListedDestination(entry) !== undefined, { error: DESTINATION_FORM }),
);

const deliverySettings = z.strictObject({
  /** One deadline over resolve, connect, TLS, headers and body of an attempt, in milliseconds. @default 10000 */
  deadlineMs: wholeNumber(50, 60_000).default(10_000),
  /** Largest webhook body in bytes; a larger one fails with a reason. @default 262144 */
  maxBodyBytes: wholeNumber(1024, 400_000).default(262_144),
  /**
   * Whether a request is sent once more, on a fresh connection, when its reused one was closed before anything of an
   * answer came: with the same `webhook-id`, for one call in ten of a merchant at most. @default true
   */
  resendOnClosedConnection: z.boolean().default(true),
  /**
   * Destinations, `address:port` or `address:from-to`, that may be called although the address is not public, over
   * plain http too. For merchants on this machine; nothing else turns the guard off. @default none
   */
  allowDestinations: destinations.default([]),
  /**
   * Destinations of the same form that are never called, whatever is allowed: services of one's own that merchants must
   * not reach through the pipeline. The stack on one machine puts its own ports here. @default none
   */
  refuseDestinations: destinations.default([]),
  /**
   * Name servers, `address:port`, that are asked for merchants' names; the first that answers counts. For tests of what
   * a fault of theirs does, and for networks whose resolver has an address of its own. @default none: those of the
   * machine, in a VPC Amazon's
   */
  nameServers: z
    .array(z.string().refine((entry) => isServerAddress(entry), { error: SERVER_FORM }))
    .max(8)
    .default([]),
});

const retrySettings = z.strictObject({
  /**
   * Seconds to wait after the first, second, … failed try; one try more than there are waits. A merchant may have its
   * own.
   * @default 5 s, 30 s, 2 min, 10 min, 30 min, 2 h, 6 h, 12 h, 14 h, 16 h, 24 h: three days
   */
  scheduleSeconds: z
    .array(wholeNumber(1, SCHEDULE_LIMITS.waitSeconds))
    .max(SCHEDULE_LIMITS.waits)
    .default([5, 30, 120, 600, 1800, 7200, 21_600, 43_200, 50_400, 57_600, 86_400]),
  /**
   * Waits up to this many seconds are spent in the queue, longer ones parked in the table. 0 parks always.
   * @default 30
   */
  inQueueMaxSeconds: wholeNumber(0, 900).default(30),
  /**
   * The longest wait that is granted to a merchant that answers with `Retry-After`, in seconds.
   * @default 86400, a day
   */
  maxRetryAfterSeconds: wholeNumber(1, 604_800).default(86_400),
  /** Seconds after its first attempt that a transaction without `deliverBy` is given up. @default 345600, four days */
  deliverWithinSeconds: wholeNumber(1, 2_592_000).default(345_600),
});

const circuitSettings = z
  .strictObject({
    /**
     * Seconds that a merchant's circuit stays open before one call probes it; twice as long each time in a row.
     * @default 5
     */
    openSeconds: wholeNumber(1, 3600).default(5),
    /** Longest time that it stays open, in seconds. @default 120 */
    maxOpenSeconds: wholeNumber(1, 86_400).default(120),
  })
  .refine((circuit) => circuit.openSeconds <= circuit.maxOpenSeconds, {
    path: ["openSeconds"],
    error: "expected at most circuit.maxOpenSeconds; lower openSeconds or raise maxOpenSeconds",
  });

const releaseSettings = z.strictObject({
  /** Seconds that a pending transaction is left alone before it goes on the queue again. @default 900 */
  leaseSeconds: wholeNumber(1, 86_400).default(900),
  /**
   * Seconds between two looks for due transactions inside the minute that one run of `release-due` lasts.
   * @default 5
   */
  everySeconds: wholeNumber(1, 60).default(5),
  /**
   * Transactions that all executions of `release-due` together release a second at most: of those that wait for
   * merchants, and as many of those that are due. Executions side by side are as many as that takes. @default three
   * times targetRatePerSecond
   */
  ratePerSecond: wholeNumber(1, 300_000).optional(),
  /**
   * Seconds without anything due after which a run of `release-due` ends at once. What is parked for less than a minute
   * after that waits for the next run. @default 120
   */
  restAfterSeconds: wholeNumber(0, 86_400).default(120),
  /** Releases in a row that no worker has heard before a transaction fails for good. @default 20 */
  maxUnheard: wholeNumber(1, 1000).default(20),
});

const retentionSettings = z.strictObject({
  /** Days that a settled transaction stays in the table. @default 90 */
  settledDays: wholeNumber(1, 3650).default(90),
  /** Days that logs are kept; one of CloudWatch's periods. @default 30 */
  logDays: z
    .int()
    .refine((days) => LOG_RETENTION_DAYS.includes(days), `expected one of ${LOG_RETENTION_DAYS.join(", ")}`)
    .default(30),
  /** Days that messages stay in the queues, dead letters too. @default 14 */
  queueDays: wholeNumber(1, 14).default(14),
  /** Days that manifests are kept, and locked. @default 400, thirteen months */
  manifestDays: wholeNumber(1, 3650).default(400),
});

const logSettings = z.strictObject({
  /**
   * Percent of all transactions whose steps are logged one by one, in every program that they come through. By the hash
   * of the id, so that it is the same ones everywhere. @default 0
   */
  debugSamplePercent: wholeNumber(0, 100).default(0),
});

const auditSettings = z.strictObject({
  /** Hours between two audits of what waits in the due index. @default 1 */
  everyHours: wholeNumber(1, 24).default(1),
  /**
   * Hours between two audits of the whole table, which find rows without index keys. It reads every row that is kept.
   * @default 24
   */
  tableEveryHours: wholeNumber(1, 168).default(24),
  /** Parts of the whole table that are read side by side at most, each at up to 8 MB a second. @default 32 */
  segments: wholeNumber(1, 96).default(32),
  /** Seconds that a row without index keys is left to the stream before it counts as found. @default 30 */
  settleSeconds: wholeNumber(1, 60).default(30),
  /** Hours after the end of a UTC day at which its manifests are written. @default 6 */
  manifestAfterHours: wholeNumber(1, 24).default(6),
  /**
   * Days after the end of a UTC day at which it is looked at again, and what changed gets a further revision.
   * @default 5
   */
  manifestAgainAfterDays: wholeNumber(2, 30).default(5),
  /**
   * How manifests are locked for `retention.manifestDays`: `governance` lets holders of a permission of their own
   * delete them, `compliance` nobody, not even the account's owner. Disposable stacks lock nothing. @default
   * "governance"
   */
  manifestLock: z.enum(["governance", "compliance"]).default("governance"),
});

const networkSettings = z.strictObject({
  /** Availability zones, each with a NAT gateway of its own. @default 2 */
  zones: wholeNumber(2, 3).default(2),
  /**
   * Allocation ids of Elastic IPs that merchants already know, one a zone; they become the egress addresses.
   * @default none: new ones are allocated and printed as outputs
   */
  egressAllocationIds: z
    .array(z.string().regex(/^eipalloc-[0-9a-f]+$/, "expected an allocation id, eipalloc-…"))
    .default([]),
});

const alarmSettings = z.strictObject({
  /**
   * Address of the runbook, http or https, that alarms name with their heading.
   * @default none: its path in this repository
   */
  runbookUrl: z.url({ protocol: /^https?$/, error: "expected an http or https URL" }).optional(),
});

const tracingSettings = z.strictObject({
  /**
   * Share of transactions whose way is traced, 0 to 1; a producer may have decided otherwise for its own.
   * @default 0.05
   */
  share: z.number().min(0).max(1).default(0.05),
  /** Traces a second that are kept whatever the share, by each program that begins some. @default 1 */
  reservoirPerSecond: wholeNumber(0, 1000).default(1),
});

const settingsSchema = z
  .strictObject({
    /** Confirmations a second that the service is sized and alarmed for. @default 2000 */
    targetRatePerSecond: wholeNumber(1, 100_000).default(2000),
    /**
     * Confirmations a second that a burst, and catching up after an outage, may reach: so many tasks may be started,
     * and the table is warmed for it. @default ten times targetRatePerSecond
     */
    peakRatePerSecond: wholeNumber(1, 100_000).optional(),
    /**
     * Writes a second that one table may take in this account and region: to be told where AWS has raised its quota, or
     * the table is not warmed beyond it. @default 40000, every account's
     */
    tableWriteQuota: wholeNumber(1000, 1_000_000).default(TABLE_WRITE_QUOTA),
    /**
     * What forms a message group. `transaction`: versions of one transaction in order, everything else side by side.
     * `merchant`: a merchant's confirmations one after the other, for merchants that cannot take parallel calls.
     * @default "transaction"
     */
    order: z.enum(["transaction", "merchant"]).default("transaction"),
    /**
     * Shards of the due index. A partition takes 1,000 writes a second, of which a confirmation makes two. May be
     * raised, never lowered.
     * @default 64
     */
    dueShards: wholeNumber(1, 256).default(64),
    /** Shards of one merchant's day in the merchant index. May be raised, never lowered. @default 4 */
    merchantShards: wholeNumber(1, 64).default(4),
    worker: workerSettings.prefault({}),
    delivery: deliverySettings.prefault({}),
    retry: retrySettings.prefault({}),
    circuit: circuitSettings.prefault({}),
    release: releaseSettings.prefault({}),
    retention: retentionSettings.prefault({}),
    logs: logSettings.prefault({}),
    audit: auditSettings.prefault({}),
    network: networkSettings.prefault({}),
    objectives: objectiveSettings.prefault({}),
    canary: canarySettings.prefault({}),
    referenceMerchant: referenceMerchantSettings.prefault({}),
    alarms: alarmSettings.prefault({}),
    tracing: tracingSettings.prefault({}),
    /** Destroy tables and logs with the stack. For trials only. @default false */
    disposable: z.boolean().default(false),
  })
  .refine(
    (settings) =>
      settings.network.egressAllocationIds.length === 0 ||
      settings.network.egressAllocationIds.length === settings.network.zones,
    {
      path: ["network", "egressAllocationIds"],
      error: "expected as many allocation ids as zones; give one Elastic IP a zone or leave the list empty",
    },
  )
  .refine((settings) => settings.audit.manifestAgainAfterDays < settings.retention.settledDays, {
    path: ["audit", "manifestAgainAfterDays"],
    error: "expected less than retention.settledDays, or transactions are gone by then; lower it or keep them longer",
  });

type Given = z.infer<typeof settingsSchema>;

/** All settings, filled with their defaults and frozen. */
export type Settings = Readonly<
  Omit<Given, "worker" | "peakRatePerSecond" | "release"> & {
    readonly peakRatePerSecond: number;
    readonly release: Omit<Given["release"], "ratePerSecond"> & { readonly ratePerSecond: number };
    readonly worker: Omit<Given["worker"], "minTasks" | "maxTasks"> & Pick<Sizes, "minTasks" | "maxTasks">;
  }
>;

/** What a user writes: every setting may be left out. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Settings that cannot be used; the message lists every fault with its path. */
export class SettingsError extends Error {
  readonly code = "SETTINGS_INVALID";
}

/**
 * Checks what a user wrote and fills in the defaults.
 *
 * @param input an object, the same as JSON text, or nothing for all defaults
 * @throws SettingsError that lists every fault
 */
export function parseSettings(input: unknown): Settings {
  const given = input === undefined ? {} : fromText(input);
  const parsed = settingsSchema.safeParse(given, { reportInput: true });
  if (parsed.success) return deepFreeze(withSizes(parsed.data));
  const faults = describeFaults(parsed.error.issues, settingPaths(settingsSchema));
  throw new SettingsError(
    "These settings cannot be " +
      `used:\n${faults.map((fault) => `  ${fault}`).join("\n")}\nSee the table of settings in README.md.`,
  );
}

function withSizes(given: Given): Settings {
  const { peakRatePerSecond, minTasks, maxTasks } = sizesFor(given);
  const ratePerSecond = releaseRateFor(given.targetRatePerSecond, given.release.ratePerSecond);
  return {
    ...given,
    peakRatePerSecond,
    worker: { ...given.worker, minTasks, maxTasks },
    release: { ...given.release, ratePerSecond },
  };
}

function fromText(input: unknown): unknown {
  if (typeof input !== "string") return input;
  try {
    return JSON.parse(input);
  } catch (cause) {
    throw new SettingsError(
      `The settings are not JSON, got ${shortly(input)}. Expected an object such as {"worker":{"maxTasks":40}}.`,
      { cause },
    );
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
