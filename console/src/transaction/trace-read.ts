/** The hops of a transaction, once for all of its page: its path has a moment or two of them, its trace all. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { Schemas } from "../api/api.ts";
import { useSession } from "../session/session.tsx";

export function useTrace(transactionId: string): UseQueryResult<Schemas["TransactionTrace"]> {
  const { api } = useSession();
  return useQuery({
    queryKey: ["trace", transactionId],
    queryFn: ({ signal }) =>
      api.ask((client) =>
        client.GET("/v1/transactions/{transactionId}/trace", { params: { path: { transactionId } }, signal }),
      ),
  });
}
