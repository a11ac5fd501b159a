/**
 * The container of the template's task definition that is built from this repository, as this machine runs it: its
 * bundle, the command of its Dockerfile, its environment and secrets. Sidecars from public registries have no part
 * here.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Assembly } from "../assembly/read-assembly.ts";
import { isObject, listOf, type ResolvedResource } from "../assembly/template.ts";
import { type Secrets, valueFrom } from "../control/secrets.ts";
import { LocalError } from "../local-error.ts";
import { confirmationWorkerEnvironment } from "../../containers/confirmation-worker/src/environment.ts";

export interface TaskDefinition {
  readonly name: string;
  readonly directory: string;
  readonly nodeFlags: readonly string[];
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stopTimeoutMs: number;
  /** Where its output goes in the cloud. */
  readonly logGroup: string;
}

const DEFAULT_STOP_TIMEOUT_SECONDS = 30;
/** Any free port: several stacks may run on one machine. */
const HEALTH_PORT = "0";

export function taskDefinition(
  resource: ResolvedResource,
  assembly: Assembly,
  secrets: Secrets,
  awsVariables: Readonly<Record<string, string>>,
): TaskDefinition {
  const containers = listOf(resource, "ContainerDefinitions").filter(isObject);
  for (const container of containers) {
    const directory = assembly.imageAsset(String(container["Image"]));
    if (directory === undefined) continue;
    const [flags, program] = commandOf(directory);
    const stopTimeout = Number(container["StopTimeout"] ?? DEFAULT_STOP_TIMEOUT_SECONDS);
    return {
      name: String(container["Name"]),
      directory,
      nodeFlags: flags,
      program: join(directory, program),
      environment: {
        ...environmentOf(container, secrets),
        ...awsVariables,
        [confirmationWorkerEnvironment.names.healthPort]: HEALTH_PORT,
      },
      stopTimeoutMs: stopTimeout * 1000,
      logGroup: logGroupOf(container),
    };
  }
  throw new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `${resource.logicalId}: none of its containers is built from this repository.`,
  );
}

function logGroupOf(container: Readonly<Record<string, unknown>>): string {
  const logging = container["LogConfiguration"];
  const options = isObject(logging) ? logging["Options"] : undefined;
  return String(isObject(options) ? options["awslogs-group"] : container["Name"]);
}

function environmentOf(container: Readonly<Record<string, unknown>>, secrets: Secrets): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { Name, Value } of (container["Environment"] ?? []) as readonly {
    readonly Name: string;
    readonly Value: unknown;
  }[])
    environment[Name] = String(Value);
  for (const { Name, ValueFrom } of (container["Secrets"] ?? []) as readonly {
    readonly Name: string;
    readonly ValueFrom: string;
  }[]) {
    const value = valueFrom(secrets, ValueFrom);
    if (value === undefined)
      throw new LocalError(
        "LOCAL_TEMPLATE_UNSUPPORTED",
        `The secret ${Name} of the container comes from ${ValueFrom}, which is no secret of the template.`,
      );
    environment[Name] = value;
  }
  return environment;
}

/** Dockerfile reference, "escape". */
const LINE_CONTINUED = /\\\n\s*/g;

/** `CMD ["node", "--flag", "main.mjs"]` of the Dockerfile. @returns flags of Node and the program */
function commandOf(directory: string): [string[], string] {
  const dockerfile = join(directory, "Dockerfile");
  const text = existsSync(dockerfile) ? readFileSync(dockerfile, "utf8").replaceAll(LINE_CONTINUED, "") : "";
  const parts = [...text.matchAll(/^(?:ENTRYPOINT|CMD)\s+(\[.*\])\s*$/gm)].flatMap(
    ([, list = "[]"]) => JSON.parse(list) as string[],
  );
  const [node, ...rest] = parts;
  const program = rest.at(-1);
  if (node?.endsWith("node") === true && program !== undefined) return [rest.slice(0, -1), program];
  throw new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `${dockerfile}: expected CMD ["node", …, "<program>"], got ${JSON.stringify(parts)}.`,
  );
}
