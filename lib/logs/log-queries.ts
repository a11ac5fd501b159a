/**
 * Questions that are asked of the logs when something is wrong, saved in CloudWatch Logs Insights under
 * `confirmation-pipeline/`. The runbook names them where they are needed and quotes each; a test keeps both equal, and
 * the messages in them to those that the programs write.
 */
import { CfnQueryDefinition } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { hasApi } from "../../core/settings/groups/api.ts";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { type FunctionKey, functionsOf } from "../../core/settings/mode-programs.ts";
import { physicalLogGroup, physicalName } from "../../core/settings/physical-names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { NETWORK_FLOWS_LOG_GROUP, WORKER_LOG_GROUP } from "./logs.ts";

export interface LogQuery {
  /** Last part of its name in CloudWatch. */
  readonly name: string;
  readonly logGroups: readonly string[];
  readonly lines: readonly string[];
}

const FOLDER = "confirmation-pipeline";
const WORKER = [WORKER_LOG_GROUP];
const CANARY = [groupOf("canary")];
const AUDIT = [groupOf("auditTransactions")];
const FUNCTIONS = functionsOf("fargate").map((key) => groupOf(key));
const FUNCTIONS_OF_API = functionsOf("fargate", { api: true })
  .map((key) => groupOf(key))
  .filter((group) => !FUNCTIONS.includes(group));
const FUNCTIONS_OF_EVENTS = [groupOf("publishEvents")];
const PROGRAMS = [...WORKER, ...FUNCTIONS];
/** What is asked of tasks and their network alone. */
const OF_TASKS: ReadonlySet<string> = new Set(["workers-come-and-go", "most-called-addresses"]);

export const LOG_QUERIES: readonly LogQuery[] = [
  {
    name: "what-goes-wrong",
    logGroups: PROGRAMS,
    lines: [
      'filter level in ["WARN", "ERROR", "CRITICAL"]',
      "stats count(*) as lines, min(@timestamp) as firstAt, max(@timestamp) as lastAt by service, message",
      "sort lines desc",
      "limit 50",
    ],
  },
  {
    name: "newest-trouble",
    logGroups: PROGRAMS,
    lines: [
      "fields @timestamp, service, message, merchantId, transactionId, code, error",
      'filter level in ["WARN", "ERROR", "CRITICAL"]',
      "sort @timestamp desc",
      "limit 100",
    ],
  },
  {
    name: "one-transaction",
    logGroups: PROGRAMS,
    lines: [
      "fields @timestamp, service, level, message, code, error",
      'filter transactionId = "REPLACE-WITH-ITS-ID"',
      "sort @timestamp asc",
      "limit 200",
    ],
  },
  {
    name: "canaries",
    logGroups: CANARY,
    lines: [
      "fields @timestamp, message, transactionId, kind, state, attemptCount, waitedFor, latencyMs, error",
      'filter message in ["canary not confirmed in time", "canary not written"] or level = "ERROR"',
      "sort @timestamp desc",
      "limit 100",
    ],
  },
  {
    name: "workers-come-and-go",
    logGroups: WORKER,
    lines: [
      "fields @timestamp, message, @logStream",
      'filter message in ["worker ready", "worker asked to stop"] or level = "CRITICAL"',
      "sort @timestamp desc",
      "limit 200",
    ],
  },
  {
    name: "messages-left-in-the-queue",
    logGroups: WORKER,
    lines: [
      'filter message in ["message left in the queue", "receive failed", "dead letter not sent, trying on"]',
      "stats count(*) as lines, max(@timestamp) as lastAt by message, error",
      "sort lines desc",
      "limit 50",
    ],
  },
  {
    name: "merchants-in-trouble",
    logGroups: WORKER,
    lines: [
      'filter message in ["circuit opened", "circuit closed", "url disabled"]',
      "stats count(*) as times, max(@timestamp) as lastAt by merchantId, message",
      "sort times desc",
      "limit 100",
    ],
  },
  {
    name: "our-own-network",
    logGroups: WORKER,
    lines: [
      'filter message in ["our own egress is at fault", "egress is well again", "our own egress is taken for well"]',
      "sort @timestamp desc",
      "limit 100",
    ],
  },
  {
    name: "set-aside",
    logGroups: PROGRAMS,
    lines: [
      'filter message in ["row set aside", "message set aside", "message refused", "dead letter refused"]',
      "stats count(*) as rows, max(@timestamp) as lastAt, max(transactionId) as example by service, message, code",
      "sort rows desc",
      "limit 50",
    ],
  },
  {
    name: "lost-and-found",
    logGroups: AUDIT,
    lines: [
      'filter message in ["transactions lost","transactions found",' +
        '"Lost is not known, an audit is behind"] or level = "ERROR"',
      "sort @timestamp desc",
      "limit 100",
    ],
  },
  {
    name: "runs-of-functions",
    logGroups: FUNCTIONS,
    lines: [
      'filter @type = "REPORT"',
      "stats count(*), max(@duration) as maxMs, max(@maxMemoryUsed/1000000) as maxMB, " +
        "sum(@billedDuration) as billed by @log",
      "sort maxMs desc",
    ],
  },
  {
    name: "most-called-addresses",
    logGroups: [NETWORK_FLOWS_LOG_GROUP],
    lines: [
      'filter action = "ACCEPT"',
      "stats count(*) as flows, sum(bytes) as sent by dstAddr, dstPort",
      "sort flows desc",
      "limit 20",
    ],
  },
];

/**
 * Those of a stack: in small-account mode what is asked of workers is asked of the function, and with the API what is
 * asked of all functions is asked of its own too, and with events of that of events.
 */
export function logQueriesOf(mode: DeliveryMode, withApi = false, withEvents = false): readonly LogQuery[] {
  const more = [...(withApi ? FUNCTIONS_OF_API : []), ...(withEvents ? FUNCTIONS_OF_EVENTS : [])];
  const all = more.length > 0 ? LOG_QUERIES.map((query) => withFunctions(query, more)) : LOG_QUERIES;
  if (mode === "fargate") return all;
  const caller = groupOf("confirmationTransactions");
  return all
    .filter(({ name }) => !OF_TASKS.has(name))
    .map((query) => {
      const logGroups = query.logGroups.map((group) => (group === WORKER_LOG_GROUP ? caller : group));
      return { ...query, logGroups: query.name === "runs-of-functions" ? [caller, ...logGroups] : logGroups };
    });
}

function withFunctions(query: LogQuery, more: readonly string[]): LogQuery {
  const isOfAll = FUNCTIONS.every((group) => query.logGroups.includes(group));
  return isOfAll ? { ...query, logGroups: [...query.logGroups, ...more] } : query;
}

function groupOf(key: FunctionKey): string {
  return `/aws/lambda/${FUNCTION_NAMES[key]}`;
}

/** As the console and the runbook show it. */
export function queryText({ lines }: LogQuery): string {
  return lines.join("\n| ");
}

export class LogQueries extends Construct {
  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    for (const query of logQueriesOf(settings.delivery.mode, hasApi(settings), settings.events.enabled)) {
      new CfnQueryDefinition(this, query.name, {
        name: `${physicalName(settings, FOLDER)}/${query.name}`,
        logGroupNames: query.logGroups.map((logGroup) => physicalLogGroup(settings, logGroup)),
        queryString: queryText(query),
      });
    }
  }
}
