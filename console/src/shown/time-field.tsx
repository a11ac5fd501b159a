/** A time that somebody gives, in the reader's zone; empty for none. The browser's own field, with its calendar. */
import { type ReactNode, useEffect, useId, useState } from "react";
import FormField from "@cloudscape-design/components/form-field";
import { instantIn, localText } from "./local-time.ts";

export interface TimeFieldProps {
  readonly label: string;
  readonly description?: string;
  /** UTC. */
  readonly instant: string | undefined;
  /** Once it is a whole time, or none. */
  readonly onChange: (instant: string | undefined) => void;
}

export function TimeField({ label, description, instant, onChange }: TimeFieldProps): ReactNode {
  const id = useId();
  const shown = localText(instant);
  const [typed, setTyped] = useState(shown);
  useEffect(() => setTyped(shown), [shown]);
  const give = (text: string): void => {
    if (text !== shown) onChange(instantIn(text));
  };
  return (
    <FormField label={label} {...(description !== undefined && { description })} controlId={id}>
      <input
        className="time-field"
        id={id}
        type="datetime-local"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={({ target }) => give(target.value)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === "Enter") give(currentTarget.value);
        }}
      />
    </FormField>
  );
}
