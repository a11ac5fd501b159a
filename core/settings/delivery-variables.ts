/** Variables of what delivers confirmations, be it the worker's tasks or the function of small-account mode. */
import {
  campaigns,
  debugSamplePercent,
  guardLists,
  importedSecretsKeyArn,
  jobs,
  maxBodyBytes,
  merchantGatesTable,
  merchantsTable,
  queueUrls,
  rowKeys,
  sandboxLimits,
  settledDays,
  transactionsTable,
} from "./shared-variables.ts";
import { TRANSPORTS } from "../http/transport.ts";
import { anyText, flag, integer, integerList, milliseconds, oneOf, seconds, textList } from "./variable-kinds.ts";

export const deliveryVariables = {
  transactionsTable,
  merchantsTable,
  merchantGatesTable,
  ...queueUrls,
  ...jobs,
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
  sandbox: sandboxLimits,
  maxBodyBytes,
  resendOnClosedConnection: flag("RESEND_ON_CLOSED_CONNECTION"),
  ...guardLists,
  nameServers: textList("NAME_SERVERS", []),
  transport: oneOf("TRANSPORT", TRANSPORTS, "http1"),
  proxyUrl: anyText("PROXY_URL", ""),
  debugSamplePercent,
  campaigns,
};
