/** Lambda's Invoke, `POST /2015-03-31/functions/<name>/invocations`. */
import { errorLine } from "../../core/errors/error-fields.ts";
import { arnOf } from "../machine.ts";
import { type Call, type ControlResponse, refusal } from "./protocols.ts";

export interface Invoker {
  readonly hasFunction: (functionName: string) => boolean;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
}

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations/;

/** @returns undefined for a call that is none */
export function respondAsInvoke(call: Call, invoker: Invoker): Promise<ControlResponse> | undefined {
  const name = INVOKE_PATH.exec(call.url.pathname)?.[1];
  return name === undefined ? undefined : invocation(decodeURIComponent(name), call.input, invoker);
}

/** As Lambda says it, with its ARN. */
export function noFunction(nameOrArn: string): ControlResponse {
  const arn = arnOf("lambda", `function:${shortName(nameOrArn)}`);
  const { headers = {} } = refusal(404, "ResourceNotFoundException", "");
  return { status: 404, headers, body: { Type: "User", Message: `Function not found: ${arn}` } };
}

export function shortName(nameOrArn: string): string {
  return /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

async function invocation(name: string, event: unknown, { hasFunction, invoke }: Invoker): Promise<ControlResponse> {
  if (!hasFunction(shortName(name))) return noFunction(name);
  try {
    return { status: 200, body: await invoke(shortName(name), event) };
  } catch (error) {
    const [errorType, errorMessage] =
      error instanceof Error ? [error.name, error.message] : ["Error", errorLine(error)];
    return { status: 200, body: { errorType, errorMessage }, headers: { "x-amz-function-error": "Unhandled" } };
  }
}
