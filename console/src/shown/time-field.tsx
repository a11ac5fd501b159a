/** A time that somebody gives, in the reader's zone; empty for none. The browser's own field, with its calendar. */
import { type ReactNode, useEffect, useId, useState } from "react";
import FormField from "@cloudscape-design/components/form-field";
import { useTexts } from "../texts/texts.tsx";
import { localText, timeIn } from "./local-time.ts";

export interface TimeFieldProps {
  readonly label: string;
  readonly description?: string;
  /** UTC. */
  readonly instant: string | undefined;
  /** Once it is a whole time, or none. */
  readonly onChange: (instant: string | undefined) => void;
  /** Told whether what is typed is no time, such as one without its hour: whoever acts on the time then must not. */
  readonly onNoTime?: (isNoTime: boolean) => void;
}

export function TimeField({ label, description, instant, onChange, onNoTime }: TimeFieldProps): ReactNode {
  const { noTime } = useTexts();
  const id = useId();
  const shown = localText(instant);
  const [typed, setTyped] = useState(shown);
  const [isNoTime, setNoTime] = useState(false);
  useEffect(() => setTyped(shown), [shown]);
  const give = (field: HTMLInputElement): void => {
    const time = timeIn(field);
    const isNone = time.kind === "no time";
    setNoTime(isNone);
    onNoTime?.(isNone);
    if (!isNone && field.value !== shown) onChange(time.kind === "time" ? time.instant : undefined);
  };
  return (
    <FormField
      label={label}
      {...(description !== undefined && { description })}
      {...(isNoTime && { errorText: noTime })}
      controlId={id}
    >
      <input
        className="time-field"
        id={id}
        type="datetime-local"
        aria-invalid={isNoTime}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={({ target }) => give(target)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === "Enter") give(currentTarget);
        }}
      />
    </FormField>
  );
}
