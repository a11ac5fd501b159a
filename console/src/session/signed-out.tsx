/** Where one is who has signed out, or could not sign in: what happened, and how to go on. */
import { type ReactNode, useState } from "react";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ConsoleConfig } from "../config.ts";
import { Failure } from "../shown/failure.tsx";
import { useTexts } from "../texts/texts.tsx";
import { signInHere } from "./sign-in-here.ts";

export interface SignedOutProps {
  readonly config: ConsoleConfig;
  /** Why signing in did not work. @default one has signed out */
  readonly failed?: Error;
}

export function SignedOut({ config, failed }: SignedOutProps): ReactNode {
  const texts = useTexts();
  const [error, setError] = useState(failed);
  return (
    <main className="alone">
      <title>{texts.product}</title>
      <SpaceBetween size="l">
        <Header variant="h1">{texts.product}</Header>
        {error === undefined ? (
          <p>{texts.session.signedOut}</p>
        ) : (
          <Failure error={error} title={texts.session.failed} />
        )}
        <Button variant="primary" onClick={() => void signInHere(config).catch(setError)}>
          {texts.session.signIn}
        </Button>
      </SpaceBetween>
    </main>
  );
}
