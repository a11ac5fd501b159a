/**
 * A Lambda function of the template as this machine runs it: its bundle, its limits and the environment that Lambda
 * would give it.
 */
import { join } from "node:path";
import { existsSync } from "node:fs";
import type { Assembly } from "../assembly/read-assembly.ts";
import { numberOf, objectOf, optionalText, type ResolvedResource, textOf } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";
import { functionLogGroup } from "../program-observer.ts";

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** The module that exports the handler, and the name it exports it by. */
  readonly module: string;
  readonly exportName: string;
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  /** Invocations at once; more wait. */
  readonly concurrency: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly nodeFlags: readonly string[];
  readonly runsIn: "thread" | "process";
}

const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MIB = 128;
/** Environments of one function at once when the template reserves none; each is a thread. */
const DEFAULT_CONCURRENCY = 4;
const MODULE_ENDINGS = [".mjs", ".js", ".cjs"];

/** @param awsVariables endpoints, region and credentials of this machine */
export function functionDefinition(
  resource: ResolvedResource,
  identity: { readonly name: string; readonly arn: string },
  assembly: Assembly,
  awsVariables: Readonly<Record<string, string>>,
): FunctionDefinition {
  const runtime = optionalText(resource, "Runtime") ?? "";
  if (runtime !== "" && !runtime.startsWith("nodejs"))
    throw new LocalError(
      "LOCAL_TEMPLATE_UNSUPPORTED",
      `${resource.logicalId}: this machine runs functions on Node.js, got the runtime ${runtime}; write it for ` +
        "nodejs, or leave it out of the stack that runs here.",
    );
  if (objectOf(resource, "Code")["S3Key"] === undefined)
    throw new LocalError(
      "LOCAL_TEMPLATE_UNSUPPORTED",
      `${resource.logicalId}: this machine runs functions whose code is an asset of the app, got code of another ` +
        "kind; use NodejsFunction or Code.fromAsset.",
    );
  const folder = assembly.fileAsset(String(objectOf(resource, "Code")["S3Key"]));
  const handler = textOf(resource, "Handler");
  const dot = handler.lastIndexOf(".");
  const module = MODULE_ENDINGS.map((ending) => join(folder, `${handler.slice(0, dot)}${ending}`)).find((file) =>
    existsSync(file),
  );
  if (module === undefined)
    throw new LocalError(
      "LOCAL_TEMPLATE_UNSUPPORTED",
      `${resource.logicalId}: the handler ${handler} is not in ${folder}; expected a file ` +
        `${handler.slice(0, dot)} that ends with ${MODULE_ENDINGS.join(", ")} there.`,
    );
  const memoryMiB = numberOf(resource, "MemorySize", DEFAULT_MEMORY_MIB);
  const variables = Object.entries(objectOf(objectAt(resource, "Environment"), "Variables")).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return {
    ...identity,
    module,
    exportName: handler.slice(dot + 1),
    nodeFlags: [],
    runsIn: "thread",
    timeoutMs: numberOf(resource, "Timeout", DEFAULT_TIMEOUT_SECONDS) * 1000,
    memoryMiB,
    concurrency: numberOf(resource, "ReservedConcurrentExecutions", DEFAULT_CONCURRENCY),
    environment: {
      ...Object.fromEntries(variables),
      ...awsVariables,
      AWS_LAMBDA_FUNCTION_NAME: identity.name,
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
      AWS_LAMBDA_LOG_GROUP_NAME: functionLogGroup(identity.name),
      AWS_LAMBDA_LOG_STREAM_NAME: "local",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
    },
  };
}

function objectAt(resource: ResolvedResource, name: string): ResolvedResource {
  return { ...resource, properties: objectOf(resource, name) };
}
