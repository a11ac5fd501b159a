/** What a transaction is, and what the API says of its state. */
import type { ReactNode } from "react";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { followHere } from "../routing/location.ts";
import { merchantPath } from "../routing/routes.ts";
import { amountText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import { useSpoken } from "../texts/texts.tsx";
import type { Transaction } from "./timeline.ts";

const COLUMNS = 4;
const MARKS: Readonly<Record<Transaction["state"], StatusIndicatorProps.Type>> = {
  PENDING: "in-progress",
  SCHEDULED: "pending",
  CONFIRMED: "success",
  FAILED: "error",
};

export function State({ state }: Pick<Transaction, "state">): ReactNode {
  const { texts } = useSpoken();
  return <StatusIndicator type={MARKS[state]}>{texts.states[state]}</StatusIndicator>;
}

export function Overview({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const { texts, language } = useSpoken();
  const { transaction: says } = texts;
  const { state, merchantId, outcome, amount, currency, occurredAt, version } = transaction;
  const { webhookId, campaign, orderingKey, confirmationUrl, submittedBy } = transaction;
  const items: KeyValuePairsProps.Item[] = [
    { label: says.state, value: <State state={state} /> },
    ...pair(
      says.merchant,
      merchantId && (
        <Link href={merchantPath(merchantId)} onFollow={followHere}>
          <span className="id">{merchantId}</span>
        </Link>
      ),
    ),
    ...pair(says.outcome, outcome),
    ...pair(says.amount, amount && amountText(amount, currency, language)),
    ...pair(says.occurredAt, occurredAt && <Instant at={occurredAt} />),
    ...pair(says.version, version),
    ...pair(says.webhookId, webhookId && <code className="id">{webhookId}</code>),
    ...pair(says.campaign, campaign),
    ...pair(says.orderingKey, orderingKey),
    ...pair(says.confirmationUrl, confirmationUrl && <span className="id">{confirmationUrl}</span>),
    ...pair(says.submittedBy, submittedBy && <span className="id">{submittedBy}</span>),
  ];
  return <KeyValuePairs columns={COLUMNS} items={items} />;
}

function pair(label: string, value: ReactNode): KeyValuePairsProps.Item[] {
  return value === undefined || value === "" ? [] : [{ label, value }];
}
