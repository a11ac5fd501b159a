/** Where the token comes from that goes with each call of a merchant: OAuth2 client credentials. */
import { type ReactNode, useState } from "react";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { faultAt } from "../../api/refusal.ts";
import { useSession } from "../../session/session.tsx";
import { Ask } from "../../shown/ask.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { Panel } from "./panel.tsx";
import { removeOAuth2, setOAuth2 } from "./settings-acts.ts";
import type { ChangeProps, SettingsProps } from "./settings-props.ts";

const FIELDS = ["tokenUrl", "clientId", "clientSecret", "scope", "audience"] as const;
const OPTIONAL: ReadonlySet<string> = new Set(["scope", "audience"]);
type Method = NonNullable<SettingsProps["merchant"]["oauth2"]>["authMethod"];
const METHODS = ["client_secret_basic", "client_secret_post"] as const satisfies readonly Method[];

export function OAuth2Client({ merchant, onChanged }: SettingsProps): ReactNode {
  const { settings } = useTexts();
  const { oauth2: says } = settings;
  const { api } = useSession();
  const { oauth2: shown, merchantId } = merchant;
  const acts = [
    {
      id: "set",
      button: settings.set,
      dialog: (onClose: () => void) => <SetOAuth2 merchant={merchant} onChanged={onChanged} onClose={onClose} />,
    },
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
          act={() => removeOAuth2(api, merchantId)}
          onClose={onClose}
          onDone={onChanged}
        />
      ),
    },
  ];
  return (
    <Panel
      title={says.title}
      does={says.does}
      scope="merchants:secrets"
      acts={acts.filter(({ id }) => id === "set" || shown !== undefined)}
    >
      {shown === undefined ? (
        says.none
      ) : (
        <KeyValuePairs
          columns={3}
          items={[
            { label: says.tokenUrl, value: <span className="id">{shown.tokenUrl}</span> },
            { label: says.clientId, value: <span className="id">{shown.clientId}</span> },
            { label: says.authMethod, value: <code className="id">{shown.authMethod}</code> },
            ...(shown.scope === undefined
              ? []
              : [{ label: says.scope, value: <span className="id">{shown.scope}</span> }]),
            ...(shown.audience === undefined
              ? []
              : [{ label: says.audience, value: <span className="id">{shown.audience}</span> }]),
          ]}
        />
      )}
    </Panel>
  );
}

function SetOAuth2({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const { settings } = useTexts();
  const { oauth2: says } = settings;
  const { api } = useSession();
  const { tokenUrl = "", clientId = "", scope = "", audience = "", authMethod } = merchant.oauth2 ?? {};
  const [typed, setTyped] = useState({ tokenUrl, clientId, clientSecret: "", scope, audience });
  const [method, setMethod] = useState<Method>(authMethod ?? METHODS[0]);
  const isEmpty = (field: (typeof FIELDS)[number]) => typed[field].trim() === "" && !OPTIONAL.has(field);
  const body = {
    tokenUrl: typed.tokenUrl.trim(),
    clientId: typed.clientId.trim(),
    clientSecret: typed.clientSecret,
    authMethod: method,
    ...(typed.scope.trim() !== "" && { scope: typed.scope.trim() }),
    ...(typed.audience.trim() !== "" && { audience: typed.audience.trim() }),
  };
  return (
    <Ask
      title={says.setTitle(merchant.merchantId)}
      says={says.says(merchant.merchantId)}
      isGrave={merchant.oauth2 !== undefined}
      confirm={settings.set}
      failed={settings.notChanged}
      fields={[...FIELDS, "authMethod"].map((field) => `/${field}`)}
      isMissing={FIELDS.some(isEmpty)}
      act={() => setOAuth2(api, merchant.merchantId, body)}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error, isAsked }) => (
        <SpaceBetween size="s">
          {FIELDS.map((field) => {
            const fault = isAsked && isEmpty(field) ? settings.missing : faultAt(error, `/${field}`);
            return (
              <FormField key={field} label={says[field]} {...(fault !== undefined && { errorText: fault })}>
                <Input
                  type={field === "clientSecret" ? "password" : "text"}
                  autoFocus={field === "tokenUrl"}
                  spellcheck={false}
                  autoComplete={false}
                  value={typed[field]}
                  onChange={({ detail }) => setTyped({ ...typed, [field]: detail.value })}
                />
              </FormField>
            );
          })}
          <FormField label={says.authMethod}>
            <SegmentedControl
              label={says.authMethod}
              selectedId={method}
              options={METHODS.map((id) => ({ id, text: id }))}
              onChange={({ detail }) => setMethod(METHODS.find((id) => id === detail.selectedId) ?? METHODS[0])}
            />
          </FormField>
        </SpaceBetween>
      )}
    </Ask>
  );
}
