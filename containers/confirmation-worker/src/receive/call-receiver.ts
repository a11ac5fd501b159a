/**
 * Receives calls that jobs ask for, beside both queues of deliveries and with a bound of its own: the hot path does not
 * know of it. It holds off for what makes every call vain; not while everything is paused, since a person asks.
 */
import { JobsTable } from "../../../../core/aws/jobs-table.ts";
import { MerchantOrigins } from "../../../../core/aws/merchant-origins.ts";
import type { ReceivedMessage } from "../../../../core/aws/message-queue.ts";
import { callVisibilitySeconds, MerchantCalls } from "../../../../core/confirmation/calls/merchant-calls.ts";
import type { TaskClock } from "../../../../core/confirmation/clock/task-clock.ts";
import type { Connections } from "../../../../core/confirmation/connections.ts";
import type { MerchantSide } from "../../../../core/confirmation/merchants/merchant-side.ts";
import type { DependencyBreaker } from "../../../../core/confirmation/tables/dependency-breaker.ts";
import type { PathTelemetry } from "../../../../core/confirmation/telemetry/path-telemetry.ts";
import { idlePollSeconds } from "../../../../core/settings/worker-rhythm.ts";
import type { WorkerEnvironment } from "../environment.ts";
import { Receiver } from "./receiver.ts";

/** Calls that a task has in flight at once, as many as one receive brings. */
const WINDOW = 10;

export interface CallReceiverParts {
  readonly env: Pick<WorkerEnvironment, "jobsTable" | "merchantsTable" | "deadlineMs" | "stopTimeoutMs">;
  readonly connections: Pick<Connections, "dynamodb" | "merchantCalls">;
  readonly merchants: Pick<MerchantSide, "calls" | "egress">;
  readonly breaker: Pick<DependencyBreaker, "isDown">;
  readonly clock: TaskClock;
  readonly telemetry: Pick<PathTelemetry, "info" | "warn">;
}

/** @returns undefined where nobody can ask for calls */
export function callReceiver(parts: CallReceiverParts): Receiver | undefined {
  const { env, connections, merchants, breaker, clock, telemetry } = parts;
  const { merchantCalls: queue } = connections;
  if (queue === undefined) return undefined;
  const { info, warn } = telemetry;
  const { deadlineMs } = env;
  const jobs = new JobsTable(connections.dynamodb, env.jobsTable);
  const origins = new MerchantOrigins(connections.dynamodb, env.merchantsTable);
  const calls = new MerchantCalls({ jobs, merchants: merchants.calls, origins, deadlineMs, clock, info, warn });
  return new Receiver<ReceivedMessage>({
    queue,
    settings: {
      visibilitySeconds: callVisibilitySeconds(deadlineMs),
      window: WINDOW,
      idlePollSeconds: idlePollSeconds(env.stopTimeoutMs / 1000),
    },
    unitsOf: (messages) => messages,
    handle: async ({ body, receiptHandle, messageId }) => {
      if ((await calls.handle(body)) === "later") return;
      const [error] = await queue.delete([receiptHandle]);
      if (error !== undefined) warn("message of a merchant call not deleted", { messageId, error: error.error });
    },
    control: {
      mostPollers: () => 1,
      isHeldOff: () => breaker.isDown || merchants.egress.isFaulty || clock.watch.isWrong,
    },
    clock,
    warn,
  });
}
