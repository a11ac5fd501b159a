/**
 * Starts the console: configuration, language, and who is there. Whoever is not signed in goes to the issuer, and comes
 * back to the page that was asked for.
 */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { type ConsoleConfig, readConfig } from "./config.ts";
import { findPath, routeOf } from "./routing/routes.ts";
import { partsHere, signInHere } from "./session/session.tsx";
import { completeSignIn } from "./session/sign-in.ts";
import { SignedOut } from "./session/signed-out.tsx";
import { applyAppearance, keptAppearance } from "./shell/appearance.ts";
import { keptLanguage } from "./shell/language.ts";
import { loadLanguage, type Spoken, SpeaksProvider } from "./texts/texts.tsx";
import "./shell/console.css";

const root = createRoot(document.querySelector("#root") ?? document.body);

async function start(): Promise<void> {
  applyAppearance(keptAppearance());
  const [config, spoken] = await Promise.all([readConfig(), loadLanguage(keptLanguage())]);
  document.documentElement.lang = spoken.language;
  try {
    await enter(config, spoken);
  } catch (error) {
    window.history.replaceState(undefined, "", findPath());
    root.render(
      <SpeaksProvider spoken={spoken}>
        <SignedOut config={config} failed={error as Error} />
      </SpeaksProvider>,
    );
  }
}

async function enter(config: ConsoleConfig, spoken: Spoken): Promise<void> {
  if (routeOf(window.location.pathname).page !== "signed in") return signInHere(config);
  const { access, returnTo } = await completeSignIn(config, new URL(window.location.href), partsHere());
  window.history.replaceState(undefined, "", returnTo);
  root.render(
    <StrictMode>
      <App config={config} token={access} spoken={spoken} />
    </StrictMode>,
  );
}

// Before there is a language: what is wrong is for whoever put the console there.
start().catch((error: unknown) => {
  document.body.textContent = (error as Error).message;
});
