/**
 * The programs as they are deployed: bundles, environment and secrets of the synthesized stack with the pipeline's
 * default settings. Only the endpoints of AWS, and leave to call merchants on loopback, are the benchmark's.
 */
import { join } from "node:path";
import { confirmationWorkerEnvironment } from "../../../containers/confirmation-worker/src/environment.ts";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { type Assembly, readAssembly } from "../../../local/assembly/read-assembly.ts";
import { type Resources, resourcesOf } from "../../../local/assembly/resources.ts";
import { readProject, synthesizeProject } from "../../../local/assembly/cdk-project.ts";
import { CHECKOUT } from "../../../local/checkout.ts";
import { functionDefinition } from "../../../local/functions/function-definition.ts";
import { arnOf, awsEnvironment } from "../../../local/machine.ts";
import { type TaskDefinition, taskDefinition } from "../../../local/worker/task-definition.ts";
import { MASTER_KEYS } from "./master-keys.ts";

export interface ProductionPrograms {
  /** @param aws of the lane that it works on, `http://127.0.0.1:<port>` */
  worker(aws: string): TaskDefinition;
  streamTransactions(aws: string): FunctionProgram;
  confirmationsApi(aws: string): FunctionProgram;
  readonly window: number;
}

export interface FunctionProgram {
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
}

const LOOPBACK_PORTS = "127.0.0.1:1024-65535";
const QUEUE_PATH = "/000000000000/";

export interface ProgramsOptions {
  /** Webhook calls in flight at most. @default the pipeline's */
  readonly window?: number;
  /** Checkout whose programs they are. @default this one */
  readonly root?: string;
}

/** @param stateDirectory where the assembly goes */
export async function productionPrograms(
  stateDirectory: string,
  { window, root: given }: ProgramsOptions = {},
): Promise<ProductionPrograms> {
  const settings = {
    delivery: { allowDestinations: [LOOPBACK_PORTS] },
    ...(window !== undefined && { worker: { window } }),
    // Nobody asks it: requests are benchmarked behind the authorizer. Another checkout may have no API yet.
    ...(given === undefined && { api: { issuer: "https://issuer.example", audience: ["benchmark"] } }),
  };
  const root = given ?? CHECKOUT.app;
  const assembly = readAssembly(await synthesizeProject(readProject(root), join(stateDirectory, "cdk.out"), settings));
  const worker = (aws: string): TaskDefinition => {
    const resources = resourcesAt(assembly, aws);
    const [resource] = resources.ofType("AWS::ECS::TaskDefinition");
    if (resource === undefined) throw new Error("the stack has no task definition");
    const secrets = Object.fromEntries(
      resources.ofType("AWS::SecretsManager::Secret").map(({ logicalId }) => [resources.refOf(logicalId), MASTER_KEYS]),
    );
    return taskDefinition(resource, assembly, secrets, environmentFor(aws));
  };
  const functionProgram = (name: string, aws: string): FunctionProgram => {
    const resources = resourcesAt(assembly, aws);
    const resource = resources
      .ofType("AWS::Lambda::Function")
      .find(({ logicalId }) => resources.refOf(logicalId) === name);
    if (resource === undefined) throw new Error(`the stack has no function ${name}`);
    const { module, environment } = functionDefinition(
      resource,
      { name, arn: arnOf("lambda", `function:${name}`) },
      assembly,
      environmentFor(aws),
    );
    return { module, environment };
  };
  return {
    worker,
    streamTransactions: (aws) => functionProgram(FUNCTION_NAMES.streamTransactions, aws),
    confirmationsApi: (aws) => functionProgram(FUNCTION_NAMES.confirmationsApi, aws),
    window: Number(worker("http://127.0.0.1:1").environment[confirmationWorkerEnvironment.names.window]),
  };
}

export function environmentFor(aws: string): Record<string, string> {
  return awsEnvironment({
    dynamodb: aws,
    sqs: aws,
    s3: aws,
    cloudwatch: aws,
    secrets: aws,
    kms: aws,
    lambda: aws,
  });
}

export function queueUrl(aws: string, name: string): string {
  return `${aws}${QUEUE_PATH}${name}`;
}

function resourcesAt(assembly: Assembly, aws: string): Resources {
  return resourcesOf(assembly.template, assembly.stackName, {
    queueUrl: (name) => queueUrl(aws, name),
    apiOrigin: aws,
    streamArn: (table) => `${arnOf("dynamodb", `table/${table}`)}/stream/1`,
  });
}
