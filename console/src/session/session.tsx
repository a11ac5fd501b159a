/**
 * Who is signed in, for all pages: the API with his token, and what it lets him do. When the token holds no longer, the
 * page stays as it is, with what was typed into it, and says how to go on.
 */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { focusManager, useQuery } from "@tanstack/react-query";
import { type Access, type Api, apiOf, type Scope } from "../api/api.ts";
import type { ConsoleConfig } from "../config.ts";
import { signInHere } from "./sign-in-here.ts";
import type { AccessToken } from "./sign-in.ts";

export interface Session {
  readonly api: Api;
  /** Undefined until the API has said it. */
  readonly access: Access | undefined;
  readonly accessError: Error | null;
  readonly readAccess: () => void;
  readonly isOver: boolean;
  /** Whether the token lets one do it, as far as its scopes go: the API decides. */
  readonly may: (scope: Scope) => boolean;
  readonly signInAgain: () => Promise<void>;
  readonly signOut: () => void;
}

export interface SessionProps {
  readonly config: ConsoleConfig;
  readonly token: AccessToken;
  readonly onSignedOut: () => void;
  readonly children: ReactNode;
}

const SessionContext = createContext<Session | undefined>(undefined);
const ACCESS_KEPT_MS = 300_000;

export function SessionProvider({ config, token, onSignedOut, children }: SessionProps): ReactNode {
  const [isOver, setOver] = useState(false);
  // As in a tab that nobody looks at, nothing is read again by itself: each read would be refused.
  useEffect(() => {
    focusManager.setFocused(isOver ? false : undefined);
  }, [isOver]);
  const api = useMemo(
    () =>
      apiOf({
        origin: window.location.origin,
        token: () => token.token,
        onUnauthenticated: () => setOver(true),
      }),
    [token],
  );
  const access = useQuery({
    queryKey: ["access"],
    queryFn: ({ signal }) => api.ask((client) => client.GET("/v1/access", { signal })),
    staleTime: ACCESS_KEPT_MS,
  });
  const session = useMemo(
    (): Session => ({
      api,
      access: access.data,
      accessError: access.error,
      readAccess: () => void access.refetch(),
      isOver,
      may: (scope) => access.data?.scopes.includes(scope) ?? false,
      signInAgain: () => signInHere(config),
      signOut: () => {
        onSignedOut();
        if (token.signOutUrl !== undefined) window.location.assign(token.signOutUrl);
      },
    }),
    [api, access, isOver, config, token, onSignedOut],
  );
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("The session was asked for outside of SessionProvider.");
  return session;
}
