/**
 * A dialog that says what an act will do and asks, before anything is done. What the API refuses is said at the field
 * that it names, and the rest below; the dialog stays, with what was typed. It closes when the act is done.
 */
import { type ReactNode, useState } from "react";
import { useMutation } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useTexts } from "../texts/texts.tsx";
import { Failure } from "./failure.tsx";

export interface Asked {
  /** Why it was not done, the last time. */
  readonly error: Error | null;
  /** It was asked for, so that what is missing may be said. */
  readonly isAsked: boolean;
}

export interface AskProps<Done> {
  readonly title: string;
  /** What it will do, and to whom. */
  readonly says: ReactNode;
  /** Something ends by it. @default false */
  readonly isGrave?: boolean;
  readonly confirm: string;
  /** That it was not done, as a heading. */
  readonly failed: string;
  /** JSON Pointers of members that the form has fields for. @default none */
  readonly fields?: readonly string[];
  /** Nothing is asked of the API while something is missing. @default nothing is */
  readonly isMissing?: boolean;
  readonly act: () => Promise<Done>;
  readonly onClose: () => void;
  /** @default nobody is told */
  readonly onDone?: (done: Done) => void;
  readonly children?: (asked: Asked) => ReactNode;
}

export function Ask<Done>(props: AskProps<Done>): ReactNode {
  const { title, says, isGrave = false, confirm, failed, fields = [], isMissing = false, children } = props;
  const { cancel } = useTexts();
  const [isAsked, setAsked] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: props.act,
    onSuccess(done) {
      props.onDone?.(done);
      props.onClose();
    },
  });
  return (
    <Modal
      visible
      header={<span className="id">{title}</span>}
      onDismiss={props.onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={props.onClose}>
              {cancel}
            </Button>
            <Button
              variant="primary"
              loading={isPending}
              onClick={() => {
                setAsked(true);
                if (!isMissing) mutate();
              }}
            >
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type={isGrave ? "warning" : "info"}>{says}</Alert>
        {children?.({ error, isAsked })}
        {error !== null && <Failure error={error} title={failed} fields={fields} />}
      </SpaceBetween>
    </Modal>
  );
}
