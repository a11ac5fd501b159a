/** All of a run that is about channels and acknowledgements: what is made ready, and the account in the end. */
import { SNSClient } from "@aws-sdk/client-sns";
import { boundedClient } from "../../../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../../../core/aws/call-limits.ts";
import type { DeadLetter, TerminalRow } from "../../../../local/demo/evidence.ts";
import type { MerchantFleet } from "../../../../local/demo/fleet/split-fleet.ts";
import { resentDeliveries } from "../../../../local/demo/resent-deliveries.ts";
import { waitUntil } from "../../../../local/demo/wait-until.ts";
import { isRecipient } from "../../plan/recipients.ts";
import type { Stage } from "../stage.ts";
import type { WrittenTransaction } from "../written-transaction.ts";
import { Inboxes } from "./inboxes.ts";
import { InFlightSteps } from "./in-flight-steps.ts";
import { type ChannelReport, judgeSteps } from "./judge-steps.ts";
import { recipientRows, recipientRowsOf } from "./recipient-row.ts";
import { registerTemplates } from "./register-recipients.ts";
import type { SendBook } from "./send-book.ts";

type ChannelStage = Pick<Stage, "stack" | "client" | "sqs" | "fleet" | "isStopped">;

export interface RunChannelsEvidence {
  /** Of all merchants. */
  readonly written: readonly WrittenTransaction[];
  readonly rows: readonly TerminalRow[];
  readonly deadLetters: readonly DeadLetter[];
  readonly reopened: ReadonlySet<string>;
  readonly wrongClock: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** Longer than a callback that is tried again, a mail by SMTP, or a message of a topic to its subscriber. */
const ARRIVES_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 300;

export class ChannelsOfRun {
  readonly inFlight: InFlightSteps;
  readonly #stage: ChannelStage;
  readonly #sends: SendBook;
  readonly #inboxes: Inboxes;
  readonly #sns: SNSClient;

  private constructor(stage: ChannelStage, sends: SendBook, inboxes: Inboxes, sns: SNSClient) {
    const { stack, client, fleet, isStopped } = stage;
    this.#stage = stage;
    this.#sends = sends;
    this.#inboxes = inboxes;
    this.#sns = sns;
    const rowsOf = (ids: readonly string[]) => recipientRowsOf(client, stack.transactionsTable, ids);
    this.inFlight = new InFlightSteps({ sends, fleet, rowsOf, isStopped });
  }

  static async begin(stage: ChannelStage, sends: SendBook): Promise<ChannelsOfRun> {
    const { stack, client, sqs } = stage;
    const { region, credentials, endpoints } = stack;
    const sns = boundedClient(SNSClient, LOCAL_LIMITS, { region, credentials, endpoint: endpoints.sqs });
    await registerTemplates(client, stack.merchantsTable);
    return new ChannelsOfRun(stage, sends, await Inboxes.open({ stack, sqs, sns }), sns);
  }

  /** Once every row is at its end. What would be missing is waited for: a mail is on its way still, or a callback. */
  async account(evidence: RunChannelsEvidence): Promise<ChannelReport> {
    let report = await this.#judged(evidence);
    const isWhole = async () => {
      if (report.account.lost > 0) report = await this.#judged(evidence);
      return report.account.lost === 0;
    };
    const { isStopped } = this.#stage;
    await waitUntil(isWhole, { everyMs: LOOK_EVERY_MS, untilMs: Date.now() + ARRIVES_WITHIN_MS, isStopped });
    this.#sns.destroy();
    return report;
  }

  async #judged({ written, rows, ...evidence }: RunChannelsEvidence): Promise<ChannelReport> {
    const { client, stack, fleet } = this.#stage;
    const deliveries = (await fleet.ledger()).filter(({ merchantId }) => isRecipient(merchantId));
    return judgeSteps({
      ...evidence,
      written: written.filter(({ merchantId = "" }) => isRecipient(merchantId)),
      deliveries,
      messages: await this.#inboxes.read(),
      rows: await recipientRows(client, stack.transactionsTable),
      sends: this.#sends.carriedOut,
      inFlight: this.inFlight.allowed,
      resent: resentDeliveries(rows, deliveries),
    });
  }
}

/** The books of all other merchants. */
export function withoutRecipients(fleet: MerchantFleet): Pick<MerchantFleet, "open" | "ledger"> {
  return {
    open: (arrivedUpToMs) => fleet.open(arrivedUpToMs),
    ledger: async () => (await fleet.ledger()).filter(({ merchantId }) => !isRecipient(merchantId)),
  };
}
