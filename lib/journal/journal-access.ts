/**
 * The journal in the bucket of manifests: what programs that record confirmations are told of it, and what they may do:
 * put files below its folder, each with its own lock, and nothing else of the bucket.
 */
import { type CfnElement, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";
import { JOURNAL_FOLDER } from "../../core/journal/journal-key.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { JournalEnvironment } from "../../core/settings/shared-variables.ts";

const SECOND_MS = 1000;

export class JournalAccess {
  readonly #settings: Settings;
  readonly #manifests: Bucket;

  constructor(settings: Settings, manifests: Bucket) {
    this.#settings = settings;
    this.#manifests = manifests;
  }

  /** Of `journal` in a program's environment. */
  get values(): JournalEnvironment {
    const { journal, audit, disposable } = this.#settings;
    return {
      bucket: journal.enabled ? this.#manifests.bucketName : "",
      everyMs: journal.everySeconds * SECOND_MS,
      lock: disposable ? "none" : audit.manifestLock,
      keptDays: journal.keptDays,
    };
  }

  /** Of its files; undefined where there is none. */
  get filesArn(): string | undefined {
    return this.#settings.journal.enabled ? this.#manifests.arnForObjects(`${JOURNAL_FOLDER}*`) : undefined;
  }

  /** For the role of a program. @param scope where it is */
  policies(scope: IConstruct): readonly PolicyStatement[] {
    const { filesArn } = this;
    if (filesArn === undefined) return [];
    const logicalId = Stack.of(scope).getLogicalId(this.#manifests.node.defaultChild as CfnElement);
    Validations.of(scope).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${JOURNAL_FOLDER}*]`,
      reason: "Files of the journal are named by their time and by who wrote them; what is there is locked.",
    });
    const actions = ["s3:PutObject", ...(this.#settings.disposable ? [] : ["s3:PutObjectRetention"])];
    return [new PolicyStatement({ actions, resources: [filesArn] })];
  }
}
