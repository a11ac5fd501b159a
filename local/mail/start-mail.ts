/** Mail of the stack on this machine, where the settings have it: SES, and a mailbox behind it unless one is named. */
import { join } from "node:path";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { ChannelKind } from "../../core/channels/channel.ts";
import type { Resources } from "../assembly/resources.ts";
import type { Call, ControlResponse } from "../control/protocols.ts";
import type { LocalLog, MailPlace } from "../local-stack.ts";
import { configurationSetsOf } from "./configuration-sets.ts";
import { LocalSes } from "./local-ses.ts";
import { startMailbox } from "./mailbox.ts";

export interface MailOptions {
  readonly kinds: readonly ChannelKind[];
  /** @default a mailbox */
  readonly smtpUrl: string | undefined;
  /** Of the mailbox. */
  readonly port: number;
  readonly stateDirectory: string;
  /** Undefined before they are made; nothing sends until then. */
  readonly resources: () => Pick<Resources, "ofType"> | undefined;
  readonly sns: () => Pick<SNSClient, "send"> | undefined;
  readonly log: LocalLog;
}

export interface StartedMail {
  readonly respond: (call: Call) => ControlResponse | undefined;
  readonly place: MailPlace;
}

/** @param started takes what has to be ended again. @returns undefined where no channel sends mail */
export async function startMail(options: MailOptions, started: AsyncDisposableStack): Promise<StartedMail | undefined> {
  const { kinds, smtpUrl, port, stateDirectory, resources, sns, log } = options;
  if (!kinds.includes("email")) return undefined;
  const mailbox =
    smtpUrl === undefined ? await startMailbox({ port, directory: join(stateDirectory, "mail") }) : undefined;
  if (mailbox !== undefined) started.defer(() => mailbox.stop());
  const place = { smtpUrl: mailbox?.smtpUrl ?? smtpUrl ?? "", ...(mailbox && { directory: mailbox.directory }) };
  const ses = new LocalSes({
    smtpUrl: place.smtpUrl,
    configurationSets: () => configurationSetsOf(resources()),
    publish: async (TopicArn, Message) => sns()?.send(new PublishCommand({ TopicArn, Message })),
    log,
  });
  started.defer(() => ses.stop());
  return { respond: (call) => ses.respond(call), place };
}
