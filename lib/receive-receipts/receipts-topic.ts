/**
 * The topic `confirmation-receipts`: SES, SMS and WhatsApp publish to it what became of the messages that they took.
 * It is encrypted with the key that services of AWS are let into. Each service may publish in the name of this account
 * alone, and SES and SMS for the configuration set of this pipeline alone.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html
 * @see https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-sns-creating-role.html
 * @see https://docs.aws.amazon.com/social-messaging/latest/userguide/managing-event-destinations-add.html
 */
import { Stack } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { ReceiptedKind } from "../../core/settings/groups/channels.ts";
import { RECEIPTS_CONFIGURATION_SET, RECEIPTS_TOPIC_NAME } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import type { StageProps } from "../stack/stage.ts";

/** Who publishes receipts of a kind. */
const PUBLISHERS = {
  email: { service: "ses", hasConfigurationSet: true },
  sms: { service: "sms-voice", hasConfigurationSet: true },
  // The topic is set for the WhatsApp Business Account, by hand.
  whatsapp: { service: "social-messaging", hasConfigurationSet: false },
} as const satisfies Readonly<Record<ReceiptedKind, object>>;

export interface ReceiptsTopicProps extends StageProps {
  readonly kinds: readonly ReceiptedKind[];
}

export class ReceiptsTopic extends Topic {
  constructor(scope: Construct, id: string, { settings, keys, kinds }: ReceiptsTopicProps) {
    super(scope, id, {
      topicName: physicalName(settings, RECEIPTS_TOPIC_NAME),
      displayName: "Receipts of confirmations",
      masterKey: keys.operations,
      enforceSSL: true,
    });
    const { account } = Stack.of(this);
    const configurationSet = physicalName(settings, RECEIPTS_CONFIGURATION_SET);
    for (const kind of kinds) {
      const { service, hasConfigurationSet } = PUBLISHERS[kind];
      const principal = `${service}.amazonaws.com`;
      const sourceArn = hasConfigurationSet
        ? Stack.of(this).formatArn({ service, resource: "configuration-set", resourceName: configurationSet })
        : undefined;
      this.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(principal)],
          actions: ["sns:Publish"],
          resources: [this.topicArn],
          conditions: {
            StringEquals: { "aws:SourceAccount": account },
            ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
          },
        }),
      );
      keys.admitPublisher(principal);
    }
  }
}
