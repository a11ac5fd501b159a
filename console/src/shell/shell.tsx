/**
 * What is around every page: the way to the others, who one is, language and appearance. Cloudscape's own layout is not
 * used: with it the first page would be 80 KB larger (docs/decisions has the numbers).
 */
import { type ReactNode, useId, useState } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import LiveRegion from "@cloudscape-design/components/live-region";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { followHere, usePlace } from "../routing/location.ts";
import {
  AUDIT_LOG_PATH,
  CAMPAIGNS_PATH,
  CUTOVER_PATH,
  FAILED_PATH,
  findPath,
  type JobKind,
  jobsPath,
  LIVE_PATH,
  MANIFESTS_PATH,
  merchantPath,
  PAUSE_PATH,
} from "../routing/routes.ts";
import { type Session, useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import type { Texts } from "../texts/en.ts";
import { type Language, LANGUAGES } from "../texts/languages.ts";
import { useSpoken } from "../texts/texts.tsx";
import { type Appearance, APPEARANCES } from "./appearance.ts";

/** A language whose file could not be loaded. */
export interface NotSpoken {
  readonly error: Error;
  readonly again: () => void;
}

export interface Preferences {
  readonly appearance: Appearance;
  /** What was chosen last, where it could not be loaded. */
  readonly notSpoken: NotSpoken | undefined;
  readonly chooseAppearance: (appearance: Appearance) => void;
  readonly chooseLanguage: (language: Language) => void;
}

export function Shell({
  preferences,
  children,
}: {
  readonly preferences: Preferences;
  readonly children: ReactNode;
}): ReactNode {
  const { texts } = useSpoken();
  const { isOver, signInAgain, accessError, readAccess } = useSession();
  const { notSpoken } = preferences;
  const [signInError, setSignInError] = useState<Error>();
  const [isOpen, setOpen] = useState(false);
  const navigationId = useId();
  return (
    <>
      <a className="skip" href="#content">
        {texts.navigation.skip}
      </a>
      <div className="top">
        <TopBar preferences={preferences} />
      </div>
      <div className="frame">
        <div className="menu">
          <Button
            iconName={isOpen ? "close" : "menu"}
            ariaLabel={texts.navigation.open}
            ariaExpanded={isOpen}
            ariaControls={navigationId}
            onClick={() => setOpen(!isOpen)}
          />
        </div>
        <nav
          className={isOpen ? "navigation open" : "navigation"}
          id={navigationId}
          aria-label={texts.navigation.label}
        >
          <Pages onFollowed={() => setOpen(false)} />
        </nav>
        <main id="content" tabIndex={-1} aria-label={texts.navigation.main}>
          {isOver && (
            <div className="over">
              <LiveRegion assertive>
                <Alert
                  type="warning"
                  action={
                    <Button onClick={() => void signInAgain().catch(setSignInError)}>{texts.session.signIn}</Button>
                  }
                >
                  {texts.session.over}
                </Alert>
              </LiveRegion>
              {signInError !== undefined && <Failure error={signInError} title={texts.session.failed} />}
            </div>
          )}
          {notSpoken !== undefined && <Failure {...notSpoken} title={texts.preferences.notLoaded} />}
          {accessError !== null && !isOver && <Failure error={accessError} again={readAccess} />}
          {children}
        </main>
      </div>
    </>
  );
}

function Pages({ onFollowed }: { readonly onFollowed: () => void }): ReactNode {
  const { texts } = useSpoken();
  const { pathname } = usePlace();
  const { access, may } = useSession();
  // Whose token is narrowed to a merchant has that merchant's page as the portal.
  const own = access?.merchantId === undefined ? undefined : merchantPath(access.merchantId);
  return (
    <SideNavigation
      activeHref={pathname}
      items={[
        { type: "link", text: texts.navigation.find, href: findPath() },
        ...workPages(texts, { may, isOwn: own !== undefined }),
        ...(own === undefined ? [] : [{ type: "link" as const, text: texts.navigation.own, href: own }]),
      ]}
      onFollow={(event) => {
        followHere(event);
        onFollowed();
      }}
    />
  );
}

function link(text: string, href: string, isThere: boolean): SideNavigationProps.Link[] {
  return isThere ? [{ type: "link", text, href }] : [];
}

interface Who {
  readonly may: Session["may"];
  /** The token is narrowed to a merchant. */
  readonly isOwn: boolean;
}

/** What failed, jobs and what was noted, as far as the token is for it: courtesy, as the API decides. */
function workPages({ navigation, jobs, live, everything }: Texts, { may, isOwn }: Who): SideNavigationProps.Item[] {
  const reads = may("transactions:read");
  const kinds: Readonly<Record<JobKind, boolean>> = {
    redeliveries: reads || may("redeliveries:write"),
    imports: reads || may("imports:write"),
    exports: reads,
    restores: !isOwn && may("operations:write"),
    resyncs: !isOwn && may("operations:write"),
  };
  const jobLinks = (Object.keys(kinds) as JobKind[]).flatMap((kind) =>
    link(jobs.kinds[kind].many, jobsPath(kind), kinds[kind]),
  );
  return [
    ...link(live.title, LIVE_PATH, !isOwn && (reads || may("operations:write"))),
    ...link(navigation.failed, FAILED_PATH, reads),
    ...(jobLinks.length === 0 ? [] : [{ type: "section" as const, text: navigation.jobs, items: jobLinks }]),
    ...link(navigation.cutover, CUTOVER_PATH, reads && may("merchants:read")),
    ...link(navigation.campaigns, CAMPAIGNS_PATH, !isOwn && (reads || may("operations:write"))),
    ...link(navigation.manifests, MANIFESTS_PATH, may("audit:read")),
    ...link(navigation.auditLog, AUDIT_LOG_PATH, may("audit:read")),
    ...link(everything.title, PAUSE_PATH, !isOwn && (may("operations:write") || may("merchants:read"))),
  ];
}

function TopBar({ preferences }: { readonly preferences: Preferences }): ReactNode {
  const { texts, language } = useSpoken();
  const session = useSession();
  const { session: said } = texts;
  const { access } = session;
  const identity: TopNavigationProps.Identity = {
    href: findPath(),
    title: texts.product,
    onFollow: (event) => followHere({ detail: { href: findPath() }, preventDefault: () => event.preventDefault() }),
  };
  const utilities: TopNavigationProps.Utility[] = [
    preferencesMenu(texts, language, preferences),
    {
      type: "menu-dropdown",
      iconName: "user-profile",
      text: access?.subject ?? said.signingIn,
      description: access?.merchantId === undefined ? said.all : said.only(access.merchantId),
      items: [{ id: "signOut", text: said.signOut }],
      onItemClick: () => session.signOut(),
    },
  ];
  return <TopNavigation identity={identity} utilities={utilities} />;
}

function preferencesMenu(
  { preferences: says }: Texts,
  language: Language,
  { appearance, chooseAppearance, chooseLanguage }: Preferences,
): TopNavigationProps.MenuDropdownUtility {
  return {
    type: "menu-dropdown",
    iconName: "settings",
    ariaLabel: `${says.language}, ${says.appearance}`,
    title: `${says.language}, ${says.appearance}`,
    items: [
      {
        id: "languages",
        text: says.language,
        items: Object.entries(LANGUAGES).map(([id, text]) => ({
          id,
          text,
          lang: id,
          itemType: "checkbox" as const,
          checked: id === language,
        })),
      },
      {
        id: "appearances",
        text: says.appearance,
        items: APPEARANCES.map((id) => ({
          id,
          text: says[id],
          itemType: "checkbox" as const,
          checked: id === appearance,
        })),
      },
    ],
    onItemClick: ({ detail: { id } }) => {
      const chosen = APPEARANCES.find((one) => one === id);
      if (chosen !== undefined) chooseAppearance(chosen);
      else if (Object.hasOwn(LANGUAGES, id)) chooseLanguage(id as Language);
    },
  };
}
