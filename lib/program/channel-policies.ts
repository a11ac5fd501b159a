/**
 * What a program may send by channels: to the ARNs that the settings list, by the kinds that they have, and nothing
 * else.
 */
import { Aws } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { SentKind } from "../../core/channels/channel.ts";
import { RECEIPTS_CONFIGURATION_SET } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import type { Settings } from "../../core/settings/settings.ts";

/** How the ids of WhatsApp's phone numbers begin; their ARNs have what follows. */
const PHONE_NUMBER_ID = "phone-number-id-";

const GRANTS: Readonly<
  Record<SentKind, { readonly action: string; readonly resources: (settings: Settings) => readonly string[] }>
> = {
  email: {
    action: "ses:SendEmail",
    resources: (settings) => [...settings.channels.emailIdentityArns, configurationSet("ses", settings)],
  },
  sms: {
    action: "sms-voice:SendTextMessage",
    resources: (settings) => [settings.channels.sms.originationIdentity ?? "", configurationSet("sms-voice", settings)],
  },
  whatsapp: {
    action: "social-messaging:SendWhatsAppMessage",
    resources: ({ channels: { whatsapp } }) => [
      ofAccount("social-messaging", `phone-number-id/${(whatsapp.phoneNumberId ?? "").slice(PHONE_NUMBER_ID.length)}`),
    ],
  },
  sqs: { action: "sqs:SendMessage", resources: ({ channels }) => channels.queueArns },
  sns: { action: "sns:Publish", resources: ({ channels }) => channels.topicArns },
  eventbridge: { action: "events:PutEvents", resources: ({ channels }) => channels.eventBusArns },
};

/** Characters of the resources of one statement. A policy takes 6,144, and is split between statements alone. */
const MOST_CHARACTERS = 1800;

/** A statement a kind, or more where it has many resources; none without channels. */
export function channelPolicies(settings: Settings): readonly PolicyStatement[] {
  return settings.channels.kinds.flatMap((kind) => {
    const { action, resources } = GRANTS[kind];
    return inParts(resources(settings)).map((part) => new PolicyStatement({ actions: [action], resources: part }));
  });
}

function inParts(resources: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let characters = 0;
  for (const resource of resources) {
    characters += resource.length;
    if (characters > MOST_CHARACTERS && parts.at(-1)?.length !== 0) {
      parts.push([]);
      characters = resource.length;
    }
    parts.at(-1)?.push(resource);
  }
  return parts;
}

function configurationSet(service: string, settings: Settings): string {
  return ofAccount(service, `configuration-set/${physicalName(settings, RECEIPTS_CONFIGURATION_SET)}`);
}

function ofAccount(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}
