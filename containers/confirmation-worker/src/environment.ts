/**
 * Environment of `confirmation-worker`, which its construct writes and it reads. Imports nothing of the program.
 */
import { declareEnvironment } from "../../../core/settings/environment.ts";
import {
  debugSamplePercent,
  importedSecretsKeyArn,
  merchantGatesTable,
  merchantsTable,
  queueUrls,
  rowKeys,
  settledDays,
  transactionsTable,
} from "../../../core/settings/shared-variables.ts";
import {
  flag,
  integer,
  integerList,
  milliseconds,
  secret,
  seconds,
  text,
  textList,
} from "../../../core/settings/variable-kinds.ts";

export const confirmationWorkerEnvironment = declareEnvironment("confirmation-worker", {
  region: text("AWS_REGION"),
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  ...queueUrls,
  masterKeys: secret("MASTER_KEYS"),
  importedSecretsKeyArn,
  visibilitySeconds: integer("VISIBILITY_SECONDS", { min: 1 }),
  ...rowKeys,
  settledDays,
  retry: {
    scheduleSeconds: integerList("RETRY_SCHEDULE_SECONDS"),
    inQueueMaxSeconds: integer("IN_QUEUE_MAX_SECONDS", { min: 0 }),
    maxRetryAfterSeconds: integer("MAX_RETRY_AFTER_SECONDS", { min: 1 }),
  },
  inQueueFailingMax: integer("IN_QUEUE_FAILING_MAX", { min: 0 }),
  deliverWithinMs: seconds("DELIVER_WITHIN_SECONDS", 1),
  deadlineMs: milliseconds("DEADLINE_MS", 1),
  circuit: { openMs: seconds("CIRCUIT_OPEN_SECONDS", 1), maxOpenMs: seconds("CIRCUIT_MAX_OPEN_SECONDS", 1) },
  maxBodyBytes: integer("MAX_BODY_BYTES", { min: 1 }),
  resendOnClosedConnection: flag("RESEND_ON_CLOSED_CONNECTION"),
  allowDestinations: textList("ALLOW_DESTINATIONS"),
  refuseDestinations: textList("REFUSE_DESTINATIONS"),
  nameServers: textList("NAME_SERVERS", []),
  window: integer("DELIVERY_WINDOW", { min: 1 }),
  orderedWindow: integer("ORDERED_WINDOW", { min: 1 }),
  stopTimeoutMs: seconds("STOP_TIMEOUT_SECONDS", 1),
  healthPort: integer("HEALTH_PORT", { min: 0, max: 65_535 }),
  debugSamplePercent,
});

/** @throws EnvironmentError that names every variable that is missing or wrong */
export const readWorkerEnvironment = () => confirmationWorkerEnvironment.read();

export type WorkerEnvironment = ReturnType<typeof readWorkerEnvironment>;
