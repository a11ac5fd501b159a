/** Why something is not shown, in the API's own words where it has some, and how to try again. */
import type { ReactNode } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Box from "@cloudscape-design/components/box";
import LiveRegion from "@cloudscape-design/components/live-region";
import { faultsElsewhere, Refusal } from "../api/refusal.ts";
import { SignInError } from "../session/sign-in-error.ts";
import type { Texts } from "../texts/en.ts";
import { useTexts } from "../texts/texts.tsx";

const NOT_FOUND = 404;

export interface FailureProps {
  readonly error: Error;
  /** @default that it could not be read */
  readonly title?: string;
  readonly again?: () => void;
  /** JSON Pointers of members whose faults are said at their fields. @default none */
  readonly fields?: readonly string[];
}

export function Failure({ error, title, again, fields = [] }: FailureProps): ReactNode {
  const texts = useTexts();
  const requestId = error instanceof Refusal ? error.requestId : undefined;
  const faults = error instanceof Refusal ? faultsElsewhere(error, fields) : [];
  return (
    <LiveRegion assertive>
      <Alert
        type="error"
        header={title ?? texts.failure.title}
        {...(again !== undefined && { action: <Button onClick={again}>{texts.again}</Button> })}
      >
        <div>{sentenceOf(error, texts)}</div>
        {faults.length > 0 && (
          <ul>
            {faults.map(({ pointer, detail }) => (
              <li key={`${pointer} ${detail}`}>{`${pointer} ${detail}`.trim()}</li>
            ))}
          </ul>
        )}
        {requestId !== undefined && <Box variant="small">{texts.failure.request(requestId)}</Box>}
      </Alert>
    </LiveRegion>
  );
}

function sentenceOf(error: Error, { failure }: Texts): string {
  if (error instanceof SignInError) return failure.signIn[error.code](error.issuer);
  if (!(error instanceof Refusal)) return error.message;
  if (error.status === 0) return failure.unreachable;
  if (error.status === NOT_FOUND) return failure.notFound;
  return error.message === "" ? `HTTP ${error.status}` : error.message;
}
