/** The dashboard's numbers, as the API has them, read again when there may be newer ones. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Schemas } from "../api/api.ts";
import { useSession } from "../session/session.tsx";

export type Live = Schemas["Live"];
export type LivePanel = Schemas["LivePanel"];
export type LiveNumbers = Schemas["LiveNumbers"];
export type LiveContributors = Schemas["LiveContributors"];
export type LiveAlarm = Schemas["LiveAlarm"];

const SECOND_MS = 1000;
const AGAIN_MS = 5000;
const LONGEST_MS = 10_000;

/**
 * Nothing is asked for while nobody sees the tab. What was read stays while the API cannot be reached; then it is asked
 * again each few seconds.
 */
export function useLive(): UseQueryResult<Live> {
  const { api, isOver } = useSession();
  return useQuery({
    queryKey: ["live"],
    queryFn: ({ signal }) =>
      api.ask((client) =>
        client.GET("/v1/live", { signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]) }),
      ),
    retry: false,
    refetchOnWindowFocus: true,
    refetchInterval: ({ state: { data, status } }) => {
      if (isOver) return false;
      return data === undefined || status === "error" ? AGAIN_MS : Math.max(1, data.freshSeconds) * SECOND_MS;
    },
  });
}
