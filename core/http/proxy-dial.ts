/**
 * Opens connections through the operator's egress proxy, to addresses that were checked already and never to names: the
 * proxy looks nothing up. TLS with the merchant is within, so that the proxy sees addresses and ports, and nothing of
 * what is sent over https.
 */
import { isIPv6, type Socket } from "node:net";
import { type Dial, dialTls, endpointOf, type OpeningPhase, openingTimeout } from "./dial.ts";
import { ProxyUnusableError, wayThrough } from "./proxy-way.ts";
import { TlsSessions } from "./tls-sessions.ts";

/**
 * @param proxyUrl scheme, host and port
 * @param timeoutMs for the proxy, TCP and TLS together
 * @param now epoch milliseconds, by which certificates expire
 */
export function proxyDialler(proxyUrl: string, timeoutMs: number, now: () => number = Date.now): Dial {
  const proxy = endpointOf(proxyUrl);
  const sessions = new TlsSessions(now);
  return (endpoint, address, _receive, dialled) => {
    const where = `${isIPv6(address) ? `[${address}]` : address}:${endpoint.port}`;
    let phase: OpeningPhase = "connecting";
    let hasAnswered = false;
    let isOver = false;
    const end = (error: Error | undefined, socket?: Socket): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      if (socket === undefined) current.destroy();
      dialled(error, socket);
    };
    let current = wayThrough(proxy, where, (error, socket) => {
      hasAnswered = true;
      if (socket === undefined) return end(error);
      if (!endpoint.isTls) return end(undefined, socket);
      phase = "securing";
      const secured = dialTls(sessions, { socket }, endpoint);
      if (secured instanceof Error) return end(secured);
      current = secured;
      secured.on("error", (cause) => {
        if (!isOver) sessions.forget(endpoint);
        end(cause);
      });
      secured.once("secureConnect", () => end(undefined, secured));
    });
    const timer = setTimeout(() => {
      const error = openingTimeout(phase, where, timeoutMs);
      const why = `the egress proxy ${proxy.origin} did not answer within ${timeoutMs} ms`;
      end(hasAnswered ? error : new ProxyUnusableError(why, { cause: error }));
    }, timeoutMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
      current.destroy();
      return phase;
    };
  };
}
