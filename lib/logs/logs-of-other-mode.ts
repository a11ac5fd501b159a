/**
 * Log groups of the programs that the other mode has, under the logical ids that they have there. Groups outlive what
 * wrote to them, and have fixed names: without these a stack that changed its mode could never change it back, as the
 * group would exist already. An empty one costs nothing.
 */
import { Construct } from "constructs";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { StageProps } from "../stack/stage.ts";
import { NETWORK_FLOWS_LOG_GROUP, PipelineLogs, WORKER_LOG_GROUP } from "./logs.ts";

interface LogsOfMode {
  /** Construct of the pipeline that they are in. */
  readonly parent: string;
  readonly id: string;
  readonly logGroupName: string;
}

const OF_STANDARD: readonly LogsOfMode[] = [
  { parent: "Network", id: "FlowLogs", logGroupName: NETWORK_FLOWS_LOG_GROUP },
  { parent: "ConfirmationWorker", id: "Logs", logGroupName: WORKER_LOG_GROUP },
];
const OF_SMALL_ACCOUNT: readonly LogsOfMode[] = [
  {
    parent: "ConfirmationTransactions",
    id: "FunctionLogs",
    logGroupName: `/aws/lambda/${FUNCTION_NAMES.confirmationTransactions}`,
  },
];

export function keepLogsOfOtherMode(scope: Construct, props: Pick<StageProps, "settings" | "keys">): void {
  const kept = props.settings.delivery.mode === "lambda" ? OF_STANDARD : OF_SMALL_ACCOUNT;
  for (const { parent, id, logGroupName } of kept)
    new PipelineLogs(new Construct(scope, parent), id, { ...props, logGroupName });
}
