/**
 * Finds free ports and says clearly when a wanted one is taken, before a server that says it less clearly meets it.
 */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { LocalError } from "../local-error.ts";
import { LOOPBACK } from "../machine.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

/**
 * Any free ones are drawn from here: below the ports that systems give to outgoing connections (from 32768 on Linux).
 * One of those is often taken again before a server listens on it.
 */
const DRAWN_FROM = 16_384;
const DRAWN_BELOW = 32_768;
const MOST_DRAWS = 50;
/** Of each process, first: those that are started one after the other, as tests are, do not draw the same ones. */
const OWN_PORTS = 256;
const OWN_FROM = DRAWN_FROM + (process.pid % ((DRAWN_BELOW - DRAWN_FROM) / OWN_PORTS)) * OWN_PORTS;

/** By this process, which may start a server there at any time. */
const drawn = new Set<number>();

/**
 * A port that can be listened on now.
 *
 * @param wanted 0 for any free one, which nobody else in this process gets
 * @param option how the user would choose another port
 * @throws LocalError LOCAL_PORT_TAKEN
 */
export async function usablePort(wanted: number, part: string, option: string): Promise<number> {
  if (wanted !== 0) return probed(wanted, part, option);
  for (let draws = 0; draws < MOST_DRAWS; draws += 1) {
    const isOwn = draws < MOST_DRAWS / 2;
    const port = isOwn ? randomInt(OWN_FROM, OWN_FROM + OWN_PORTS) : randomInt(DRAWN_FROM, DRAWN_BELOW);
    if (drawn.has(port)) continue;
    drawn.add(port);
    const usable = await probed(port, part, option).catch(() => undefined);
    if (usable !== undefined) return usable;
  }
  return probed(wanted, part, option);
}

function probed(wanted: number, part: string, option: string): Promise<number> {
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
