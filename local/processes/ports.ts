/**
 * Finds free ports and says clearly when a wanted one is taken, before a server that says it less clearly meets it.
 */
import { createServer } from "node:net";
import { LocalError } from "../local-error.ts";
import { LOOPBACK } from "../machine.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

/**
 * A port that can be listened on now.
 *
 * @param wanted 0 for any free one
 * @param option how the user would choose another port
 * @throws LocalError LOCAL_PORT_TAKEN
 */
export function usablePort(wanted: number, part: string, option: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer();
  probe.once("error", (cause) => reject(portError(cause, wanted, part, option)));
  probe.listen({ port: wanted, host: LOOPBACK, exclusive: true }, () => {
    const address = probe.address();
    const port = typeof address === "object" && address !== null ? address.port : wanted;
    probe.close(() => resolve(port));
  });
  return promise;
}

export function portError(cause: unknown, wanted: number, part: string, option: string): LocalError {
  const { code } = cause as NodeJS.ErrnoException;
  const why =
    code === "EADDRINUSE"
      ? "is taken by another program"
      : code === "EACCES"
        ? "may not be used by this user"
        : `cannot be used (${errorLine(cause)})`;
  return new LocalError(
    "LOCAL_PORT_TAKEN",
    `Port ${wanted} for ${part} ${why}; stop that program or choose another port with ${option} <port> (0 ` +
      "takes any free one).",
    { cause },
  );
}
