/** What a merchant's row says of it and of how its webhooks are signed. Nothing of it is secret. */
import type { ReactNode } from "react";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import { Instant } from "../shown/instant.tsx";
import { useTexts } from "../texts/texts.tsx";
import type { Merchant } from "./merchant-reads.ts";

const COLUMNS = 4;

export function MerchantOverview({ merchant }: { readonly merchant: Merchant }): ReactNode {
  const { merchant: says } = useTexts();
  const { confirmationUrl, environment, signatures, secret, secretKeyVersion, previousKeyUntil } = merchant;
  const items: KeyValuePairsProps.Item[] = [
    { label: says.url, value: <span className="id">{confirmationUrl ?? says.noUrl}</span> },
    { label: says.environment, value: says.environments[environment] },
    { label: says.signatures, value: signatures.join(", ") },
    { label: says.secret, value: says.secrets[secret] },
    { label: says.keyVersion, value: secretKeyVersion },
    ...(previousKeyUntil === undefined
      ? []
      : [{ label: says.previousKeyUntil, value: <Instant at={previousKeyUntil} /> }]),
  ];
  return <KeyValuePairs columns={COLUMNS} items={items} />;
}
