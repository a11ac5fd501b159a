/** Where a client of the SDK would send a command: it is taken through its endpoint rules and configuration, and stopped before it is sent. */

interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
}

/** A command of the SDK, as far as it is of use here; its types differ for each. */
interface Command {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

/**
 * @param command of its own for this, any of the service
 * @param send sends that command with the client
 * @throws Error of the SDK when the client is not configured
 */
export async function endpointOf(command: Command, send: () => Promise<unknown>): Promise<URL> {
  let url: URL | undefined;
  const stop = () => async (args: { readonly request: Request }) => {
    const { protocol, hostname, port, path } = args.request;
    url = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}`);
    return { output: { $metadata: {} }, response: {} };
  };
  // Before it is signed and tried.
  command.middlewareStack.add(stop as never, { step: "finalizeRequest", priority: "high" } as never);
  await send();
  if (url === undefined) throw new Error("the client of the SDK sent nothing, and so does not say where to");
  return url;
}
