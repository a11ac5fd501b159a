/**
 * Headers that a merchant adds to its webhooks. Plain ones are shown; of secret ones what they are called, and nothing
 * else: whoever sets them sets all of them anew.
 */
import { type ReactNode, useState } from "react";
import FormField from "@cloudscape-design/components/form-field";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Textarea from "@cloudscape-design/components/textarea";
import { faultAt } from "../../api/refusal.ts";
import { useSession } from "../../session/session.tsx";
import { Ask } from "../../shown/ask.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { Panel } from "./panel.tsx";
import { change, removeSecretHeaders, setSecretHeaders } from "./settings-acts.ts";
import type { ChangeProps, SettingsProps } from "./settings-props.ts";
import { headersPatch, typedHeaders } from "./typed.ts";

const ROWS = 6;

export function PlainHeaders({ merchant, onChanged }: SettingsProps): ReactNode {
  const { settings } = useTexts();
  const { headers: says } = settings;
  const headers = Object.entries(merchant.headers ?? {});
  return (
    <Panel
      title={says.title}
      scope="merchants:write"
      acts={[
        {
          id: "change",
          button: settings.change,
          dialog: (onClose) => <ChangeHeaders merchant={merchant} onChanged={onChanged} onClose={onClose} />,
        },
      ]}
    >
      {headers.length === 0 ? (
        says.none
      ) : (
        <KeyValuePairs
          columns={2}
          items={headers.map(([label, value]) => ({ label, value: <code className="id">{value}</code> }))}
        />
      )}
    </Panel>
  );
}

function ChangeHeaders({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const { settings } = useTexts();
  const { headers: says } = settings;
  const { api } = useSession();
  const before = merchant.headers ?? {};
  const [text, setText] = useState(() => linesOf(before));
  const { headers: typed, wrongLine } = typedHeaders(text);
  return (
    <Ask
      title={says.changeTitle(merchant.merchantId)}
      says={says.says}
      confirm={settings.save}
      failed={settings.notChanged}
      fields={["/headers"]}
      isMissing={wrongLine !== undefined}
      act={() => change(api, merchant.merchantId, { headers: headersPatch(before, typed) })}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error, isAsked }) => (
        <HeadersField
          note={says.note}
          text={text}
          fault={isAsked && wrongLine !== undefined ? says.wrongLine(wrongLine) : faultAt(error, "/headers")}
          onTyped={setText}
        />
      )}
    </Ask>
  );
}

export function SecretHeaders({ merchant, onChanged }: SettingsProps): ReactNode {
  const { settings } = useTexts();
  const { secretHeaders: says } = settings;
  const { api } = useSession();
  const { secretHeaders: names = [], merchantId } = merchant;
  return (
    <Panel
      title={says.title}
      does={says.does}
      scope="merchants:secrets"
      acts={[
        {
          id: "set",
          button: settings.set,
          dialog: (onClose) => <SetSecretHeaders merchant={merchant} onChanged={onChanged} onClose={onClose} />,
        },
        ...(names.length === 0
          ? []
          : [
              {
                id: "remove",
                button: settings.remove,
                dialog: (onClose: () => void) => (
                  <Ask
                    title={says.remove.title(merchantId)}
                    says={says.remove.says(names.join(", "))}
                    isGrave
                    confirm={settings.remove}
                    failed={settings.notChanged}
                    act={() => removeSecretHeaders(api, merchantId)}
                    onClose={onClose}
                    onDone={onChanged}
                  />
                ),
              },
            ]),
      ]}
    >
      {names.length === 0 ? settings.headers.none : <code className="id">{names.join(", ")}</code>}
    </Panel>
  );
}

function SetSecretHeaders({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const { settings } = useTexts();
  const { headers, secretHeaders: says } = settings;
  const { api } = useSession();
  const [text, setText] = useState("");
  const { headers: typed, wrongLine } = typedHeaders(text);
  return (
    <Ask
      title={says.setTitle(merchant.merchantId)}
      says={says.says((merchant.secretHeaders ?? []).join(", "))}
      isGrave
      confirm={settings.set}
      failed={settings.notChanged}
      fields={["/headers"]}
      isMissing={wrongLine !== undefined}
      act={() => setSecretHeaders(api, merchant.merchantId, typed)}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error, isAsked }) => (
        <HeadersField
          note={headers.note}
          text={text}
          fault={isAsked && wrongLine !== undefined ? headers.wrongLine(wrongLine) : faultAt(error, "/headers")}
          onTyped={setText}
        />
      )}
    </Ask>
  );
}

interface HeadersFieldProps {
  readonly note: string;
  readonly text: string;
  readonly fault: string | undefined;
  readonly onTyped: (text: string) => void;
}

function HeadersField({ note, text, fault, onTyped }: HeadersFieldProps): ReactNode {
  const { headers: says } = useTexts().settings;
  return (
    <FormField label={says.title} description={note} {...(fault !== undefined && { errorText: fault })}>
      <Textarea
        rows={ROWS}
        autoFocus
        spellcheck={false}
        autoComplete={false}
        value={text}
        onChange={({ detail }) => onTyped(detail.value)}
      />
    </FormField>
  );
}

function linesOf(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
