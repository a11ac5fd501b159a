/**
 * The handler of a bundle, as one execution environment of Lambda has it: imported once, then given one invocation at a
 * time. The trace header changes with each, as in Lambda.
 */
import { pathToFileURL } from "node:url";
import { errorLine } from "../../core/errors/error-fields.ts";

export interface HostData {
  readonly module: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMiB: number;
}

export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly event: string;
  /** Milliseconds since the epoch at which the environment is ended. */
  readonly deadlineAt: number;
  readonly traceHeader: string;
}

export type InvocationResult = { readonly requestId: string } & (
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly name: string; readonly message: string; readonly stack: string }
);

type Handler = (event: unknown, context: unknown) => unknown;

export function handlerOf(data: HostData): (invocation: Invocation) => Promise<InvocationResult> {
  const loaded = import(pathToFileURL(data.module).href) as Promise<Record<string, Handler | undefined>>;
  // Told to whoever invokes first.
  loaded.catch(() => undefined);
  return async ({ requestId, event, deadlineAt, traceHeader }) => {
    process.env["_X_AMZN_TRACE_ID"] = traceHeader;
    try {
      const handler = (await loaded)[data.exportName];
      if (handler === undefined) throw new Error(`${data.module} exports no ${data.exportName}`);
      const value = await handler(JSON.parse(event), contextOf(data, requestId, deadlineAt));
      // As Lambda does: what cannot be told in JSON is not told.
      return {
        requestId,
        ok: true,
        value: value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown),
      };
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(errorLine(error));
      return { requestId, ok: false, name, message, stack: stack ?? "" };
    }
  };
}

function contextOf(data: HostData, requestId: string, deadlineAt: number): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: data.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMiB),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${data.functionName}`,
    logStreamName: "local",
    getRemainingTimeInMillis: () => Math.max(0, deadlineAt - Date.now()),
  };
}
