/**
 * Collects the metrics of the stack on this machine: what its programs print, and what AWS would count itself and can
 * be counted here: queues, invocations, tasks, bytes of logs. It watches and changes nothing; a look that fails leaves
 * out a point, as CloudWatch would.
 */
import type { Measured } from "../../core/dashboard/panel.ts";
import { METRICS_NAMESPACE } from "../../core/settings/names.ts";
import type { Invoked, ProgramObserver } from "../program-observer.ts";
import type { LocalSqs } from "../sqs/start-sqs.ts";
import type { QueueTraffic } from "../sqs/queue-traffic.ts";
import type { Contributors } from "./contributors.ts";
import { metricsIn, parseLogLine } from "./emf-line.ts";
import { type MetricStore, SLOT_SECONDS } from "./metric-store.ts";

/** What is counted here of what AWS counts in an account, by namespace. */
const COUNTED_HERE: Readonly<Record<string, ReadonlySet<string>>> = {
  "AWS/SQS": new Set([
    "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateAgeOfOldestMessage",
    "NumberOfMessagesSent",
    "NumberOfMessagesReceived",
    "NumberOfEmptyReceives",
    "NumberOfMessagesDeleted",
  ]),
  "AWS/Lambda": new Set(["Invocations", "Errors", "Duration", "IteratorAge"]),
  "AWS/Logs": new Set(["IncomingBytes"]),
  "ECS/ContainerInsights": new Set(["RunningTaskCount", "DesiredTaskCount"]),
};

/** Whether this machine measures it at all: the pipeline's own metrics, and some of AWS's. */
export function isCountedHere({ namespace, name }: Measured): boolean {
  // With the pipeline's name before it, if it has one.
  return namespace.endsWith(METRICS_NAMESPACE) || COUNTED_HERE[namespace]?.has(name) === true;
}

export interface StackMetricsOptions {
  readonly store: MetricStore;
  readonly contributors: Contributors;
  readonly sqs: Pick<LocalSqs, "counts" | "oldestAgeSeconds" | "traffic">;
  readonly queueNames: readonly string[];
  /** Dimensions of the one service; undefined in small-account mode, which has none. */
  readonly service: Readonly<Record<string, string>> | undefined;
  readonly now: () => number;
}

export class StackMetrics implements ProgramObserver {
  readonly #options: StackMetricsOptions;
  readonly #traffic = new Map<string, QueueTraffic>();
  #isWorkerRunning: () => boolean = () => false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StackMetricsOptions) {
    this.#options = options;
  }

  line(logGroup: string, line: string): void {
    const { store, contributors } = this.#options;
    this.#record("AWS/Logs", { LogGroupName: logGroup }, { IncomingBytes: Buffer.byteLength(line) + 1 });
    const isMetrics = line.includes('"_aws"');
    if (!isMetrics && !contributors.listensTo(logGroup)) return;
    const event = parseLogLine(line);
    if (event === undefined) return;
    if (isMetrics) for (const recorded of metricsIn(event)) store.record(recorded);
    contributors.observe(logGroup, event);
  }

  invocation({ functionName, tookMs, failed, event }: Invoked): void {
    const age = iteratorAgeMs(event, this.#options.now());
    this.#record(
      "AWS/Lambda",
      { FunctionName: functionName },
      { Invocations: 1, Errors: Number(failed), Duration: tookMs, ...(age !== undefined && { IteratorAge: age }) },
    );
  }

  start(isWorkerRunning: () => boolean): void {
    this.#isWorkerRunning = isWorkerRunning;
    this.#timer = setInterval(() => void this.look().catch(() => undefined), SLOT_SECONDS * 1000);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One look at what has to be asked for. */
  async look(): Promise<void> {
    const { service, queueNames } = this.#options;
    if (service !== undefined)
      this.#record("ECS/ContainerInsights", service, {
        RunningTaskCount: Number(this.#isWorkerRunning()),
        DesiredTaskCount: 1,
      });
    await Promise.all(queueNames.map((queueName) => this.#lookAtQueue(queueName)));
  }

  async #lookAtQueue(queueName: string): Promise<void> {
    const { sqs } = this.#options;
    const [{ waiting, inFlight }, age, traffic] = await Promise.all([
      sqs.counts(queueName),
      sqs.oldestAgeSeconds(queueName),
      sqs.traffic(queueName),
    ]);
    const before = this.#traffic.get(queueName);
    this.#traffic.set(queueName, traffic);
    const since = Object.entries(traffic).map(([name, count]) => [
      name,
      Math.max(0, count - (before?.[name as keyof QueueTraffic] ?? 0)),
    ]);
    this.#record(
      "AWS/SQS",
      { QueueName: queueName },
      {
        ApproximateNumberOfMessagesVisible: waiting,
        ApproximateNumberOfMessagesNotVisible: inFlight,
        ApproximateAgeOfOldestMessage: age ?? 0,
        ...(Object.fromEntries(since) as Record<string, number>),
      },
    );
  }

  #record(
    namespace: string,
    dimensions: Readonly<Record<string, string>>,
    values: Readonly<Record<string, number>>,
  ): void {
    for (const [name, value] of Object.entries(values))
      this.#options.store.record({ namespace, name, dimensions, values: [value] });
  }
}

/** Age of the last record of a batch of the stream, as Lambda measures it; undefined for any other event. */
function iteratorAgeMs(event: unknown, nowMs: number): number | undefined {
  const records = (event as { readonly Records?: unknown } | null | undefined)?.Records;
  const last = (Array.isArray(records) ? records.at(-1) : undefined) as
    | { readonly dynamodb?: { readonly ApproximateCreationDateTime?: unknown } }
    | undefined;
  const createdAt = last?.dynamodb?.ApproximateCreationDateTime;
  return typeof createdAt === "number" ? Math.max(0, nowMs - createdAt * 1000) : undefined;
}
