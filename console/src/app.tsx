/** The pages, each loaded when somebody goes there, in the frame that is around all of them. */
import { type ReactNode, Suspense, useEffect, useState } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { Refusal } from "./api/refusal.ts";
import type { ConsoleConfig } from "./config.ts";
import { FindPage } from "./find/find-page.tsx";
import { followHere, usePlace } from "./routing/location.ts";
import { findPath, routeOf } from "./routing/routes.ts";
import { SessionProvider } from "./session/session.tsx";
import type { AccessToken } from "./session/sign-in.ts";
import { applyAppearance, keepAppearance, keptAppearance } from "./shell/appearance.ts";
import { keepLanguage } from "./shell/language.ts";
import { type NotSpoken, Shell } from "./shell/shell.tsx";
import { SignedOut } from "./session/signed-out.tsx";
import { Caught } from "./shown/caught.tsx";
import { loadable } from "./shown/loadable.tsx";
import { type Language, loadLanguage, type Spoken } from "./texts/languages.ts";
import { SpeaksProvider, useTexts } from "./texts/texts.tsx";

const TransactionPage = loadable(async () => (await import("./transaction/transaction-page.tsx")).TransactionPage);

const MerchantPage = loadable(async () => (await import("./merchant/merchant-page.tsx")).MerchantPage);

const FailedPage = loadable(async () => (await import("./failed/failed-page.tsx")).FailedPage);

const JobsPage = loadable(async () => (await import("./jobs/jobs-page.tsx")).JobsPage);

const JobPage = loadable(async () => (await import("./jobs/job-page.tsx")).JobPage);

const CutoverPage = loadable(async () => (await import("./cutover/cutover-page.tsx")).CutoverPage);

const CampaignsPage = loadable(async () => (await import("./campaigns/campaigns-page.tsx")).CampaignsPage);

const ManifestsPage = loadable(async () => (await import("./audit/manifests-page.tsx")).ManifestsPage);

const AuditLogPage = loadable(async () => (await import("./audit/audit-log-page.tsx")).AuditLogPage);

const LivePage = loadable(async () => (await import("./live/live-page.tsx")).LivePage);

const PausePage = loadable(async () => (await import("./pause/pause-page.tsx")).PausePage);

const SERVER_FAULT = 500;
const MOST_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What was refused once is refused again; what failed on the way, or at the server, may not.
      retry: (failures, error) =>
        failures < MOST_RETRIES && error instanceof Refusal && (error.status === 0 || error.status >= SERVER_FAULT),
      refetchOnWindowFocus: false,
      networkMode: "always",
    },
    // What cannot be sent fails, and one is told: it is not done later, when nobody waits for it any more.
    mutations: { networkMode: "always" },
  },
});

export interface AppProps {
  readonly config: ConsoleConfig;
  readonly token: AccessToken;
  readonly spoken: Spoken;
}

export function App({ config, token, spoken: spokenFirst }: AppProps): ReactNode {
  const [held, setHeld] = useState<AccessToken | undefined>(token);
  const [spoken, setSpoken] = useState(spokenFirst);
  const [notSpoken, setNotSpoken] = useState<NotSpoken>();
  const [appearance, setAppearance] = useState(keptAppearance);
  useEffect(() => applyAppearance(appearance), [appearance]);
  useEffect(() => {
    document.documentElement.lang = spoken.language;
  }, [spoken]);
  const speak = async (language: Language): Promise<void> => {
    try {
      setSpoken(await loadLanguage(language));
      keepLanguage(language);
      setNotSpoken(undefined);
    } catch (error) {
      setNotSpoken({ error: error as Error, again: () => void speak(language) });
    }
  };
  const preferences = {
    appearance,
    notSpoken,
    chooseAppearance(chosen: typeof appearance) {
      keepAppearance(chosen);
      setAppearance(chosen);
    },
    chooseLanguage: (language: Language) => void speak(language),
  };
  const signedOut = (): void => {
    queries.clear();
    setHeld(undefined);
  };
  return (
    <SpeaksProvider spoken={spoken}>
      {held === undefined ? (
        <SignedOut config={config} />
      ) : (
        <QueryClientProvider client={queries}>
          <SessionProvider config={config} token={held} onSignedOut={signedOut}>
            <Shell preferences={preferences}>
              <Page />
            </Shell>
          </SessionProvider>
        </QueryClientProvider>
      )}
    </SpeaksProvider>
  );
}

function Page(): ReactNode {
  const texts = useTexts();
  const { pathname } = usePlace();
  const route = routeOf(pathname);
  return (
    <Caught key={pathname}>
      <Suspense fallback={<StatusIndicator type="loading">{texts.reading}</StatusIndicator>}>
        {route.page === "find" && <FindPage />}
        {route.page === "transaction" && (
          <TransactionPage key={route.transactionId} transactionId={route.transactionId} />
        )}
        {route.page === "merchant" && <MerchantPage key={route.merchantId} merchantId={route.merchantId} />}
        {route.page === "failed" && <FailedPage />}
        {route.page === "jobs" && <JobsPage key={route.kind} kind={route.kind} />}
        {route.page === "job" && <JobPage key={route.jobId} kind={route.kind} jobId={route.jobId} />}
        {route.page === "cutover" && <CutoverPage key={route.merchantId} merchantId={route.merchantId} />}
        {route.page === "campaigns" && <CampaignsPage key={route.label} label={route.label} />}
        {route.page === "manifests" && <ManifestsPage />}
        {route.page === "audit log" && <AuditLogPage />}
        {route.page === "live" && <LivePage />}
        {route.page === "pause" && <PausePage />}
        {["unknown", "signed in", "signed out"].includes(route.page) && <UnknownPage />}
      </Suspense>
    </Caught>
  );
}

function UnknownPage(): ReactNode {
  const { unknownPage } = useTexts();
  return (
    <>
      <Header variant="h1">{unknownPage.title}</Header>
      <Link href={findPath()} onFollow={followHere}>
        {unknownPage.back}
      </Link>
    </>
  );
}
