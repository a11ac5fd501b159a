/** A program as the template has it: its environment, and what its role allows. */
import type { Template } from "aws-cdk-lib/assertions";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { DEPLOYMENT_FUNCTION_NAMES, FUNCTION_NAMES } from "../../../core/settings/names.ts";
import type { ProgramName } from "../../../lib/program/bundle.ts";

/** A value of the template: text, or an intrinsic function. */
type Value = unknown;

export interface Permission {
  readonly action: string;
  /** `<action> on <kind of resource>`. */
  readonly allowed: string;
  /** Logical id; undefined for anything. */
  readonly resource: string | undefined;
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: Value;
}

const KINDS: Readonly<Record<string, string>> = {
  "AWS::DynamoDB::Table": "table",
  "AWS::SQS::Queue": "queue",
  "AWS::SecretsManager::Secret": "secret",
  "AWS::KMS::Key": "key",
  "AWS::Logs::LogGroup": "log group",
  "AWS::S3::Bucket": "bucket",
  "AWS::SNS::Topic": "topic",
};

/** What is no resource of the template, by what its ARN has in it. */
const PLACES = [
  ["AWS::StackId", "stack"],
  ["aws-service-role/", "service-linked role"],
  [":insight-rule/", "insight rule"],
] as const;

const NAMES = { ...FUNCTION_NAMES, ...DEPLOYMENT_FUNCTION_NAMES };
const SECRETS_KEY = "key of merchants' secrets";
const DATA: ReadonlySet<string> = new Set(["table", "queue", "secret", "bucket", "topic", SECRETS_KEY]);

/** Settings with which a stack has the API. */
export const WITH_API = {
  api: { issuer: "https://issuer.example", audience: ["confirmations"] },
} as const satisfies SettingsInput;

/** Settings with which a stack has receipts. */
const WITH_EMAIL: SettingsInput = {
  channels: {
    kinds: ["email"],
    emailFrom: "confirmations@acme.example",
    emailIdentityArns: ["arn:aws:ses:eu-west-1:123456789012:identity/acme.example"],
  },
};

/** Each program in the template of a mode that has it, of a stack with the API, or of a disposable one. */
export function templateProgramsOf(synthesizeWith: (settings: SettingsInput) => { readonly template: Template }) {
  const programsWith = (settings: SettingsInput) => new TemplatePrograms(synthesizeWith(settings).template);
  const [standard, withApi] = [programsWith({}), programsWith(WITH_API)];
  const others: Partial<Record<ProgramName, TemplatePrograms>> = {
    confirmationWorker: withApi,
    confirmationTransactions: programsWith({ ...WITH_API, delivery: { mode: "lambda" } }),
    confirmationsApi: programsWith({ ...WITH_API, campaigns: ["spring-sale"], insights: { merchants: true } }),
    merchantSecrets: withApi,
    apiAuthorizer: withApi,
    auditLogChain: withApi,
    runJobs: programsWith({ ...WITH_API, events: { enabled: true } }),
    importTransactions: withApi,
    releaseDue: withApi,
    publishEvents: programsWith({ events: { enabled: true } }),
    receiveReceipts: programsWith(WITH_EMAIL),
    emptyBuckets: programsWith({ disposable: true }),
  };
  return (program: ProgramName): TemplatePrograms => others[program] ?? standard;
}

export class TemplatePrograms {
  readonly #template: Template;
  readonly #resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: { readonly TableName?: string; readonly QueueName?: string } }
    >
  >;

  constructor(template: Template) {
    this.#template = template;
    this.#resources = template.toJSON().Resources;
  }

  environmentOf(program: ProgramName): Readonly<Record<string, Value>> {
    if (program !== "confirmationWorker") return this.#function(program).Environment.Variables;
    const [{ Environment, Secrets }] = this.#task().ContainerDefinitions;
    const variables = Environment.map(({ Name, Value }: { Name: string; Value: Value }) => [Name, Value]);
    return Object.fromEntries([
      ...variables,
      ...Secrets.map(({ Name, ValueFrom }: { Name: string; ValueFrom: Value }) => [Name, { fromSecret: ValueFrom }]),
    ]);
  }

  permissionsOf(program: ProgramName): readonly Permission[] {
    const role = program === "confirmationWorker" ? this.#task().TaskRoleArn : this.#function(program).Role;
    const roleId: string = role["Fn::GetAtt"][0];
    const policies = Object.values(
      this.#template.findResources("AWS::IAM::Policy", { Properties: { Roles: [{ Ref: roleId }] } }),
    );
    const statements: Statement[] = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    return statements.flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => [Resource].flat().map((resource) => this.#permission(action, resource))),
    );
  }

  /** Logical ids of tables, queues, buckets, secrets and the key of merchants' secrets among values of the template. */
  dataResourcesIn(values: readonly Value[]): ReadonlySet<string> {
    const ids = values.flatMap((value) => {
      if (isIntrinsic(value, "Ref")) return [value["Ref"] as string];
      return isIntrinsic(value, "Fn::GetAtt") ? [(value["Fn::GetAtt"] as readonly string[])[0] ?? ""] : [];
    });
    return new Set(ids.filter((id) => DATA.has(this.#kindOf(id))));
  }

  /** What a table or queue is called in AWS; its kind, if it has no name. */
  nameOf(logicalId: string | undefined): string {
    if (logicalId === undefined) return "anything";
    const { TableName, QueueName } = this.#resources[logicalId]?.Properties ?? {};
    return TableName ?? QueueName ?? this.#kindOf(logicalId);
  }

  #permission(action: string, resource: Value): Permission {
    if (resource === "*") return { action, allowed: `${action} on anything`, resource: undefined };
    const text = JSON.stringify(resource);
    const place = PLACES.find(([sign]) => text.includes(sign))?.[1];
    if (place !== undefined) return { action, allowed: `${action} on ${place}`, resource: undefined };
    const id = /"(?:Fn::GetAtt":\["|Ref":")(\w+)"/.exec(text)?.[1] ?? "";
    const kind = text.includes("/index/") ? "index" : /"StreamArn"|\/stream\//.test(text) ? "stream" : this.#kindOf(id);
    return { action, allowed: `${action} on ${kind}`, resource: id };
  }

  /** The key that has the alias is apart from the others, which AWS uses in the name of whoever calls. */
  #kindOf(logicalId: string): string {
    const isNamedKey = Object.values(this.#template.findResources("AWS::KMS::Alias")).some(({ Properties }) =>
      JSON.stringify(Properties.TargetKeyId).includes(`"${logicalId}"`),
    );
    if (isNamedKey) return SECRETS_KEY;
    const type = this.#resources[logicalId]?.Type ?? "";
    return KINDS[type] ?? `${type} ${logicalId}`;
  }

  #function(program: keyof typeof NAMES) {
    return onlyOne(
      this.#template.findResources("AWS::Lambda::Function", { Properties: { FunctionName: NAMES[program] } }),
    );
  }

  #task() {
    return onlyOne(this.#template.findResources("AWS::ECS::TaskDefinition"));
  }
}

function onlyOne(found: Record<string, { [key: string]: unknown }>) {
  const [resource, ...others] = Object.values(found);
  if (resource === undefined || others.length > 0)
    throw new Error(`Expected one resource, found ${Object.keys(found).join(", ") || "none"}`);
  // oxlint-disable-next-line typescript/no-explicit-any -- a template has no types
  return resource["Properties"] as any;
}

function isIntrinsic(value: Value, name: string): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && name in value;
}
