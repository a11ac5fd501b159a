/** What there is to see, with all that it takes: the app of who is signed in, or why nobody is. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App, type AppProps } from "./app.tsx";
import { SignedOut, type SignedOutProps } from "./session/signed-out.tsx";
import type { Spoken } from "./texts/languages.ts";
import { SpeaksProvider } from "./texts/texts.tsx";

const root = createRoot(document.querySelector("#root") ?? document.body);

export function showApp(props: AppProps): void {
  root.render(
    <StrictMode>
      <App {...props} />
    </StrictMode>,
  );
}

export function showSignedOut(props: SignedOutProps, spoken: Spoken): void {
  root.render(
    <SpeaksProvider spoken={spoken}>
      <SignedOut {...props} />
    </SpeaksProvider>,
  );
}
