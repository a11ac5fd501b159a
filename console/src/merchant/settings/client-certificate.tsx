/** What the pipeline shows to a merchant's server that asks for a client certificate: mutual TLS. */
import { type ReactNode, useState } from "react";
import FormField from "@cloudscape-design/components/form-field";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Textarea from "@cloudscape-design/components/textarea";
import { faultAt } from "../../api/refusal.ts";
import { useSession } from "../../session/session.tsx";
import { Ask } from "../../shown/ask.tsx";
import { Instant } from "../../shown/instant.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { certificateMark } from "./certificate-mark.ts";
import { Panel } from "./panel.tsx";
import { removeCertificate, setCertificate } from "./settings-acts.ts";
import type { ChangeProps, SettingsProps } from "./settings-props.ts";

const ROWS = 6;

export function ClientCertificate({ merchant, onChanged }: SettingsProps): ReactNode {
  const { settings } = useTexts();
  const { certificate: says } = settings;
  const { api } = useSession();
  const { clientCertificate: shown, merchantId } = merchant;
  const [now] = useState(() => Date.now());
  return (
    <Panel
      title={says.title}
      does={says.does}
      scope="merchants:secrets"
      acts={[
        {
          id: "set",
          button: settings.set,
          dialog: (onClose) => <SetCertificate merchant={merchant} onChanged={onChanged} onClose={onClose} />,
        },
        ...(shown === undefined
          ? []
          : [
              {
                id: "remove",
                button: settings.remove,
                dialog: (onClose: () => void) => (
                  <Ask
                    title={says.remove.title(merchantId)}
                    says={says.remove.says(merchantId)}
                    isGrave
                    confirm={settings.remove}
                    failed={settings.notChanged}
                    act={() => removeCertificate(api, merchantId)}
                    onClose={onClose}
                    onDone={onChanged}
                  />
                ),
              },
            ]),
      ]}
    >
      {shown === undefined ? (
        says.none
      ) : (
        <KeyValuePairs
          columns={3}
          items={[
            { label: says.subject, value: <span className="id">{shown.subject}</span> },
            {
              label: says.notAfter,
              value: (
                <StatusIndicator type={certificateMark(shown.notAfter, now)}>
                  <Instant at={shown.notAfter} />
                </StatusIndicator>
              ),
            },
            { label: says.fingerprint, value: <code className="id">{shown.fingerprint}</code> },
          ]}
        />
      )}
    </Panel>
  );
}

function SetCertificate({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const { settings } = useTexts();
  const { certificate: says } = settings;
  const { api } = useSession();
  const [typed, setTyped] = useState({ certificate: "", privateKey: "" });
  const isMissing = typed.certificate.trim() === "" || typed.privateKey.trim() === "";
  return (
    <Ask
      title={says.setTitle(merchant.merchantId)}
      says={says.says(merchant.merchantId)}
      isGrave={merchant.clientCertificate !== undefined}
      confirm={settings.set}
      failed={settings.notChanged}
      fields={["/certificate", "/privateKey"]}
      isMissing={isMissing}
      act={() => setCertificate(api, merchant.merchantId, typed)}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error, isAsked }) => (
        <SpaceBetween size="s">
          {(["certificate", "privateKey"] as const).map((field) => {
            const fault = isAsked && typed[field].trim() === "" ? settings.missing : faultAt(error, `/${field}`);
            return (
              <FormField
                key={field}
                label={says[field]}
                description={says.notes[field]}
                {...(fault !== undefined && { errorText: fault })}
              >
                <Textarea
                  rows={ROWS}
                  autoFocus={field === "certificate"}
                  spellcheck={false}
                  autoComplete={false}
                  value={typed[field]}
                  onChange={({ detail }) => setTyped({ ...typed, [field]: detail.value })}
                />
              </FormField>
            );
          })}
        </SpaceBetween>
      )}
    </Ask>
  );
}
