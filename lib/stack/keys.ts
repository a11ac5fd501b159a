/**
 * The customer-managed keys. `data` encrypts what the pipeline is trusted with: tables, queues, set-aside records,
 * master keys. `operations` encrypts what operators read: log groups and the alarm topics. They are apart because
 * services of AWS itself must be let into the second, and none is ever let into the first. `importedSecrets` encrypts
 * secrets that merchants bring along, one by one: apart, as nearly every program uses the first, and only those that
 * sign, verify or call with such a secret may open it.
 */
import { ArnFormat, Duration, Stack } from "aws-cdk-lib";
import { Grant, type IGrantable, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { CONNECTION_PURPOSES, SECRET_PURPOSE } from "../../core/signing/imported-secret.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { durable } from "./removal-policy.ts";

const IMPORTED_SECRETS_ALIAS = "confirmation-pipeline/imported-secrets";

const EVERY_PURPOSE = [SECRET_PURPOSE, ...Object.values(CONNECTION_PURPOSES)];

const SHORTEST_PENDING = Duration.days(7);

const USE = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

export interface PipelineKeysProps {
  readonly settings: Settings;
}

export class PipelineKeys extends Construct {
  readonly data: Key;
  readonly operations: Key;
  readonly importedSecrets: Key;

  constructor(scope: Construct, id: string, { settings }: PipelineKeysProps) {
    super(scope, id);
    // The shortest that KMS knows, for a trial.
    const pendingWindow = settings.disposable ? { pendingWindow: SHORTEST_PENDING } : {};
    this.data = new Key(this, "Data", {
      description: "Confirmation pipeline: tables, queues, set-aside records and master keys",
      enableKeyRotation: true,
      ...pendingWindow,
      removalPolicy: durable(settings),
    });
    this.operations = new Key(this, "Operations", {
      description: "Confirmation pipeline: log groups and alarm topic",
      enableKeyRotation: true,
      ...pendingWindow,
      removalPolicy: durable(settings),
    });
    this.importedSecrets = new Key(this, "ImportedSecrets", {
      description: "Confirmation pipeline: signing secrets that merchants brought along",
      alias: physicalName(settings, IMPORTED_SECRETS_ALIAS),
      enableKeyRotation: true,
      ...pendingWindow,
      removalPolicy: durable(settings),
    });
    this.#admitCloudWatchLogs();
    this.#admitCloudWatchAlarms();
  }

  /** For programs: DynamoDB, SQS and Secrets Manager use the key in the name of whoever calls them. */
  grantUse(grantee: IGrantable): void {
    this.data.grant(grantee, ...USE);
  }

  /**
   * For programs of the API: in the name of whoever calls these services alone, never by itself. What they are asked
   * for comes from outside, so that a call of KMS with a ciphertext of somebody's choice must come to nothing.
   * @param services as in their host names, such as `dynamodb`
   */
  grantUseThrough(grantee: IGrantable, services: readonly string[]): void {
    const { region } = Stack.of(this);
    Grant.addToPrincipal({
      grantee,
      actions: USE,
      resourceArns: [this.data.keyArn],
      conditions: {
        StringEquals: { "kms:ViaService": services.map((service) => `${service}.${region}.amazonaws.com`) },
      },
    });
  }

  /**
   * For programs that sign or verify with secrets of merchants: to open them, for that purpose, each as the secret of
   * one merchant.
   */
  grantOpenSecrets(grantee: IGrantable): void {
    this.#grantSecrets(grantee, "kms:Decrypt", [SECRET_PURPOSE]);
  }

  /** For programs that call merchants: the same, and what their connections need. */
  grantOpenConnections(grantee: IGrantable): void {
    this.#grantSecrets(grantee, "kms:Decrypt", EVERY_PURPOSE);
  }

  /** For the program that takes secrets of merchants: to seal each as the secret of one merchant, for one purpose. */
  grantSealSecrets(grantee: IGrantable): void {
    this.#grantSecrets(grantee, "kms:Encrypt", EVERY_PURPOSE);
  }

  /**
   * Lets a service publish to topics that are encrypted with the key of operations. Without a condition, as AWS has it
   * for these (User Guide of SMS, "Access policy for encrypted Amazon SNS topics"): the topic's policy names account
   * and source.
   */
  admitPublisher(service: string): void {
    this.operations.grant(new ServicePrincipal(service), "kms:Decrypt", "kms:GenerateDataKey*");
  }

  #grantSecrets(grantee: IGrantable, action: string, purposes: readonly string[]): void {
    Grant.addToPrincipal({
      grantee,
      actions: [action],
      resourceArns: [this.importedSecrets.keyArn],
      conditions: {
        StringEquals: { "kms:EncryptionContext:purpose": purposes.length === 1 ? purposes[0] : purposes },
        Null: { "kms:EncryptionContext:merchantId": "false" },
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["merchantId", "purpose"] },
      },
    });
  }

  #admitCloudWatchLogs(): void {
    const stack = Stack.of(this);
    const logGroups = stack.formatArn({
      service: "logs",
      resource: "log-group",
      resourceName: "*",
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.operations.grantEncryptDecrypt(
      new ServicePrincipal(`logs.${stack.region}.amazonaws.com`, {
        conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroups } },
      }),
    );
  }

  /** Without a condition: one on the calling account makes CloudWatch drop the alarm's message in silence. */
  #admitCloudWatchAlarms(): void {
    this.operations.grant(new ServicePrincipal("cloudwatch.amazonaws.com"), "kms:Decrypt", "kms:GenerateDataKey*");
  }
}
