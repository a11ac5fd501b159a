/**
 * The small AWS services around the stack: Secrets Manager for the master keys, KMS for merchants' own secrets,
 * CloudWatch for alarms, metrics that are counted here and who is at the top of a rule, its logs over the files of this
 * machine, X-Ray for traces, EventBridge for the names of rules and for events, SES, SMS and WhatsApp, and Lambda for
 * whoever invokes a function or switches a mapping off by hand. What neither the pipeline nor its runbook asks them for
 * is refused by name.
 */
import type { IncomingMessage } from "node:http";
import { errorLine } from "../../core/errors/error-fields.ts";
import { serveLoopback } from "../serve-loopback.ts";
import { describeAlarms } from "./describe-alarms.ts";
import { respondAsMappings } from "./event-source-mappings.ts";
import { respondWithReport } from "./insight-rule-report.ts";
import { respondAsInvoke } from "./invocations.ts";
import { type KmsKey, respondAsKms } from "./kms.ts";
import { LogsService } from "./logs/logs-service.ts";
import { type QueueAge, respondWithMetricData } from "./metric-data.ts";
import type { OperatorsView } from "./operators-view.ts";
import { type Call, type ControlResponse, decode, encode, refusal } from "./protocols.ts";
import { respondWithSecret, type Secrets } from "./secrets.ts";
import { respondAsXray } from "./xray.ts";

export interface ControlServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface ControlOptions {
  readonly port: number;
  /** Asked at each call: secrets are made after the server listens. */
  readonly secrets: () => Secrets;
  readonly kmsKeys: () => readonly KmsKey[];
  readonly queueAge: QueueAge;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** Responds to what is asked of SES. @default nothing is */
  readonly ses?: (call: Call) => ControlResponse | undefined;
  /** Responds to what is asked of SMS, of WhatsApp and of event buses. @default nothing is */
  readonly messaging?: (call: Call) => Promise<ControlResponse> | undefined;
  /** @default a stack of which nothing is known, and that has every function */
  readonly operators?: OperatorsView;
}

/** A stack of which nothing is known, and that has every function. */
export const NOTHING_KNOWN: OperatorsView = {
  hasFunction: () => true,
  alarms: () => [],
  mappings: () => [],
  logs: () => ({ directory: "", groups: [], queryDefinitions: [] }),
  rules: () => ({}),
  traces: () => [],
  counted: () => [],
  contributors: () => undefined,
};

/** What services call themselves in `x-amz-target`. */
const KMS_TARGET = "TrentService.";
const EVENTS_TARGET = "AWSEvents.";

export async function startControlServer(options: ControlOptions): Promise<ControlServer> {
  const { operators = NOTHING_KNOWN, ses = () => undefined, messaging = () => undefined } = options;
  const logs = new LogsService(operators.logs);
  const { origin, stop } = await serveLoopback({
    port: options.port,
    part: "CloudWatch, KMS and Secrets Manager",
    option: "--port-control",
    async respond(request, response) {
      const { status, headers, body } = await answerTo(request, { ...options, operators, ses, messaging }, logs);
      response.writeHead(status, headers).end(body);
    },
  });
  return { endpoint: origin, stop };
}

async function answerTo(request: IncomingMessage, options: Required<ControlOptions>, logs: LogsService) {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = decode(request, Buffer.concat(chunks));
    return encode(call, await respondTo(call, options, logs));
  } catch (error) {
    const body = JSON.stringify({ __type: "InternalFailure", message: errorLine(error) });
    return { status: 500, headers: { "content-type": "application/x-amz-json-1.1" }, body };
  }
}

async function respondTo(call: Call, options: Required<ControlOptions>, logs: LogsService): Promise<ControlResponse> {
  const { target, operation, input } = call;
  const { operators, invoke, queueAge } = options;
  const { hasFunction } = operators;
  const ofLambda =
    respondAsInvoke(call, { hasFunction, invoke }) ?? respondAsMappings(call, operators.mappings(), hasFunction);
  if (ofLambda !== undefined) return ofLambda;
  const ofSes = options.ses(call);
  if (ofSes !== undefined) return ofSes;
  const ofMessaging = options.messaging(call);
  if (ofMessaging !== undefined) return ofMessaging;
  if (operation === "GetSecretValue") return respondWithSecret(String(input["SecretId"]), options.secrets());
  if (operation === "GetMetricData") {
    const sources = { queueAge, counted: operators.counted, nowMs: Date.now };
    return { status: 200, body: await respondWithMetricData(input, sources) };
  }
  if (operation === "GetInsightRuleReport") return respondWithReport(input, operators.contributors);
  if (operation === "DescribeAlarms") return describeAlarms(input, operators.alarms());
  if (target === `${EVENTS_TARGET}ListRuleNamesByTarget`) {
    const named = Object.entries(operators.rules()).filter(([, targets]) =>
      targets.includes(String(input["TargetArn"])),
    );
    return { status: 200, body: { RuleNames: named.map(([name]) => name) } };
  }
  const ofXray = respondAsXray(call, operators.traces);
  if (ofXray !== undefined) return ofXray;
  const ofLogs = logs.respond(target, input);
  if (ofLogs !== undefined) return ofLogs;
  const ofKms = target.startsWith(KMS_TARGET) ? respondAsKms(operation, input, options.kmsKeys()) : undefined;
  return (
    ofKms ?? refusal(400, "UnknownOperationException", `${target || "No operation"} is not answered on this machine.`)
  );
}
