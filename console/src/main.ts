/**
 * Starts the console with as little as signing in takes: whoever is not signed in goes to the issuer, and comes back to
 * the page that was asked for. React and the components, many times as large, are loaded once one is back, beside the
 * exchange of the code for a token.
 */
import { readConfig } from "./config.ts";
import { findPath, routeOf } from "./routing/routes.ts";
import { partsHere, signInHere } from "./session/sign-in-here.ts";
import { completeSignIn } from "./session/sign-in.ts";
import type { SignedOutProps } from "./session/signed-out.tsx";
import { applyAppearance, keptAppearance } from "./shell/appearance.ts";
import { keptLanguage } from "./shell/language.ts";
import { type Language, loadLanguage } from "./texts/languages.ts";
import "./shell/console.css";

async function start(): Promise<void> {
  applyAppearance(keptAppearance());
  const language = keptLanguage();
  document.documentElement.lang = language;
  const { page } = routeOf(window.location.pathname);
  const shown = page === "signed in" ? whatShows(language) : undefined;
  const config = await readConfig();
  try {
    if (page === "signed out") return await showNobody({ config });
    if (page !== "signed in") return await signInHere(config);
    const { access, returnTo } = await completeSignIn(config, new URL(window.location.href), partsHere());
    window.history.replaceState(undefined, "", returnTo);
    const [{ showApp }, spoken] = await (shown ?? whatShows(language));
    showApp({ config, token: access, spoken });
  } catch (error) {
    await showNobody({ config, failed: error as Error });
  }

  async function showNobody(props: SignedOutProps): Promise<void> {
    window.history.replaceState(undefined, "", findPath());
    const [{ showSignedOut }, spoken] = await (shown ?? whatShows(language));
    showSignedOut(props, spoken);
  }
}

function whatShows(language: Language) {
  return Promise.all([import("./show.tsx"), loadLanguage(language)]);
}

// Before there is a language: what is wrong is for whoever put the console there.
start().catch((error: unknown) => {
  document.body.textContent = (error as Error).message;
});
