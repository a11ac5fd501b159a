/**
 * Where a client of the SDK sends its requests, learnt from the first one that it sends: endpoint rules, profiles,
 * `AWS_ENDPOINT_URL*`, queue URLs and all mean what they always mean, and a client that was replaced in a test is never
 * gone around.
 */

interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

/** A client of the SDK, as far as it is of use here; the types of its middleware differ for each. */
export interface WatchedClient {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

/** @returns gives the endpoint once a request was sent to it */
export function seenEndpoint(client: WatchedClient): () => URL | undefined {
  let url: URL | undefined;
  const look = (next: (args: unknown) => Promise<unknown>) => (args: { readonly request: Request }) => {
    const { protocol, hostname, port, path } = args.request;
    url = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`);
    return next(args);
  };
  client.middlewareStack.add(look as never, { step: "finalizeRequest", name: "seenEndpoint" } as never);
  return () => url;
}
