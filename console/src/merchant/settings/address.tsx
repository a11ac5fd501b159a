/** Where confirmations go: the address, whose it is, and addresses that nothing is delivered to. */
import { type ReactNode, useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { faultAt } from "../../api/refusal.ts";
import { useSession } from "../../session/session.tsx";
import { Ask } from "../../shown/ask.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { AskedCall } from "../asked-call.tsx";
import type { Merchant } from "../merchant-reads.ts";
import { Panel } from "./panel.tsx";
import { change, disableUrl, enableUrl, readVerification, verify } from "./settings-acts.ts";
import type { ChangeProps, SettingsProps } from "./settings-props.ts";

const COLUMNS = 2;
const MARKS: Readonly<Record<Merchant["ownership"]["state"], StatusIndicatorProps.Type>> = {
  verified: "success",
  vouched: "success",
  not_needed: "info",
  challenged: "pending",
  failed: "error",
  unverified: "warning",
};

export interface AddressProps extends SettingsProps {
  readonly disabledUrls: readonly string[];
}

export function Address({ merchant, disabledUrls, onChanged }: AddressProps): ReactNode {
  const texts = useTexts();
  const { settings } = texts;
  const { address: says } = settings;
  const { may } = useSession();
  const props = { merchant, onChanged };
  const { ownership, confirmationUrl } = merchant;
  return (
    <Panel
      title={says.title}
      scope="merchants:write"
      acts={[
        {
          id: "change",
          button: settings.change,
          dialog: (onClose) => <ChangeAddress {...props} onClose={onClose} />,
        },
        {
          id: "disable",
          button: says.disable.button,
          dialog: (onClose) => <DisableUrl {...props} onClose={onClose} />,
        },
      ]}
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={COLUMNS}
          items={[
            { label: texts.merchant.url, value: <span className="id">{confirmationUrl ?? texts.merchant.noUrl}</span> },
            {
              label: texts.merchant.ownership,
              value: <StatusIndicator type={MARKS[ownership.state]}>{says.states[ownership.state]}</StatusIndicator>,
            },
          ]}
        />
        <Box variant="p">{ownership.explanation}</Box>
        {may("merchants:write") && confirmationUrl !== undefined && ownership.state !== "not_needed" && (
          <Verify {...props} />
        )}
        {disabledUrls.length > 0 && <DisabledUrls {...props} disabledUrls={disabledUrls} />}
      </SpaceBetween>
    </Panel>
  );
}

function ChangeAddress({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const texts = useTexts();
  const { settings } = texts;
  const { address: says } = settings;
  const { api } = useSession();
  const [url, setUrl] = useState(merchant.confirmationUrl ?? "");
  return (
    <Ask
      title={says.changeTitle(merchant.merchantId)}
      says={merchant.environment === "sandbox" ? says.saysSandbox : says.says}
      isGrave
      confirm={settings.save}
      failed={settings.notChanged}
      fields={["/confirmationUrl"]}
      act={() => change(api, merchant.merchantId, { confirmationUrl: url.trim() === "" ? null : url.trim() })}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error }) => (
        <UrlField label={texts.merchant.url} url={url} fault={faultAt(error, "/confirmationUrl")} onTyped={setUrl} />
      )}
    </Ask>
  );
}

function DisableUrl({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const texts = useTexts();
  const says = texts.settings.address.disable;
  const { api } = useSession();
  const [url, setUrl] = useState(merchant.confirmationUrl ?? "");
  return (
    <Ask
      title={says.title}
      says={says.says}
      isGrave
      confirm={says.button}
      failed={texts.settings.notChanged}
      fields={["/url"]}
      act={() => disableUrl(api, merchant.merchantId, url.trim())}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error }) => <UrlField label={texts.merchant.url} url={url} fault={faultAt(error, "/url")} onTyped={setUrl} />}
    </Ask>
  );
}

function DisabledUrls({ merchant, disabledUrls, onChanged }: AddressProps): ReactNode {
  const texts = useTexts();
  const says = texts.settings.address.enable;
  const { api, may } = useSession();
  const [asked, setAsked] = useState<string>();
  return (
    <div>
      <Box variant="awsui-key-label">{texts.merchant.disabledUrls}</Box>
      <ul className="plain">
        {disabledUrls.map((url) => (
          <li key={url}>
            <span className="id">{url}</span>{" "}
            {may("merchants:write") && (
              <Button variant="inline-link" ariaLabel={says.of(url)} onClick={() => setAsked(url)}>
                {says.button}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {asked !== undefined && (
        <Ask
          title={says.title}
          says={says.says(asked)}
          confirm={says.button}
          failed={texts.settings.notChanged}
          act={() => enableUrl(api, merchant.merchantId, asked)}
          onClose={() => setAsked(undefined)}
          onDone={onChanged}
        />
      )}
    </div>
  );
}

/** Challenges the address. */
function Verify({ merchant, onChanged }: SettingsProps): ReactNode {
  const { verify: says } = useTexts().settings.address;
  const { api } = useSession();
  const { merchantId } = merchant;
  return (
    <AskedCall
      says={says}
      queryKey={["verification", merchantId]}
      ask={() => verify(api, merchantId)}
      read={(jobId, signal) => readVerification(api, merchantId, jobId, signal)}
      good={["verified"]}
      onDone={onChanged}
    />
  );
}

interface UrlFieldProps {
  readonly label: string;
  readonly url: string;
  readonly fault: string | undefined;
  readonly onTyped: (url: string) => void;
}

function UrlField({ label, url, fault, onTyped }: UrlFieldProps): ReactNode {
  return (
    <FormField label={label} {...(fault !== undefined && { errorText: fault })}>
      <Input type="url" autoFocus spellcheck={false} value={url} onChange={({ detail }) => onTyped(detail.value)} />
    </FormField>
  );
}
