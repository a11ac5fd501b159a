/** How much a merchant takes, and how it is retried; each may be changed, or taken away. */
import { type ReactNode, useState } from "react";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { faultAt } from "../../api/refusal.ts";
import { useSession } from "../../session/session.tsx";
import { Ask } from "../../shown/ask.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { Panel } from "./panel.tsx";
import { change } from "./settings-acts.ts";
import type { ChangeProps, SettingsProps } from "./settings-props.ts";
import { LIMITS, limitsPatch, limitTexts } from "./typed-limits.ts";

const COLUMNS = 4;

export function Limits({ merchant, onChanged }: SettingsProps): ReactNode {
  const { settings } = useTexts();
  const { limits: says } = settings;
  const shown = limitTexts(merchant);
  return (
    <Panel
      title={says.title}
      scope="merchants:write"
      acts={[
        {
          id: "change",
          button: settings.change,
          dialog: (onClose) => <ChangeLimits merchant={merchant} onChanged={onChanged} onClose={onClose} />,
        },
      ]}
    >
      <KeyValuePairs
        columns={COLUMNS}
        items={LIMITS.map((field) => ({ label: says[field], value: shown[field] === "" ? says.none : shown[field] }))}
      />
    </Panel>
  );
}

function ChangeLimits({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const { settings } = useTexts();
  const { limits: says } = settings;
  const { api } = useSession();
  const [before] = useState(() => limitTexts(merchant));
  const [typed, setTyped] = useState(before);
  return (
    <Ask
      title={says.changeTitle(merchant.merchantId)}
      says={says.says(merchant.merchantId)}
      confirm={settings.save}
      failed={settings.notChanged}
      fields={LIMITS.map((field) => `/${field}`)}
      act={() => change(api, merchant.merchantId, limitsPatch(before, typed))}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error }) => (
        <SpaceBetween size="s">
          {LIMITS.map((field) => {
            const fault = faultAt(error, `/${field}`);
            return (
              <FormField
                key={field}
                label={says[field]}
                description={says.notes[field]}
                {...(fault !== undefined && { errorText: fault })}
              >
                <Input
                  inputMode={field === "retryScheduleSeconds" ? "text" : "numeric"}
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
