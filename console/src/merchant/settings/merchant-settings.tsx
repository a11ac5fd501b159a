/** What one sets of a merchant, a panel each: where and how it is called, how much it takes. */
import type { ReactNode } from "react";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Address, type AddressProps } from "./address.tsx";
import { ClientCertificate } from "./client-certificate.tsx";
import { PlainHeaders, SecretHeaders } from "./headers.tsx";
import { Limits } from "./limits.tsx";
import { OAuth2Client } from "./oauth2-client.tsx";

export function MerchantSettings({ merchant, disabledUrls, onChanged }: AddressProps): ReactNode {
  const props = { merchant, onChanged };
  return (
    <SpaceBetween size="l">
      <Address {...props} disabledUrls={disabledUrls} />
      <Limits {...props} />
      <PlainHeaders {...props} />
      <SecretHeaders {...props} />
      <ClientCertificate {...props} />
      <OAuth2Client {...props} />
    </SpaceBetween>
  );
}
