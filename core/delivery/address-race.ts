/**
 * One connection to whichever of several addresses has it first, TLS and all (RFC 8305, section 5): one that takes a
 * connection and is silent then must not keep the others from being tried. The next one is begun at once when one
 * fails, else 250 ms after the last was begun; two are open at most, and where there are more the older of the two has
 * to make room after a while.
 *
 * Those that lose are destroyed and told to nobody. `settled` is where it ends, once: by the first that stands, by the
 * last that fails, or `abandon`.
 */
import type { Abandon, Dialled, OpeningPhase } from "../http/dial.ts";

export interface RaceOptions {
  /** Opens a connection to one address, and says so once. */
  readonly dial: (address: string, dialled: Dialled) => Abandon;
  /** Whether it is too late to begin another. */
  readonly isLate: () => boolean;
  /** Milliseconds after which the older of two has to make room for one that was not tried yet. */
  readonly patienceMs: number;
  /** Told how each address did: it failed, was too slow for another, or won. */
  readonly ended: (address: string, isHealthy: boolean) => void;
}

/** RFC 8305, section 8: Connection Attempt Delay. */
const NEXT_AFTER_MS = 250;
const MOST_OPEN = 2;

/** @param addresses at least one, the one to be tried first at the front */
export function raceAddresses(addresses: readonly string[], options: RaceOptions, dialled: Dialled): Abandon {
  const { dial, isLate, patienceMs, ended } = options;
  const waiting = [...addresses];
  /** Those that are being opened, the one begun first at the front. */
  const open = new Map<string, Abandon>();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const end = (): readonly string[] => {
    isOver = true;
    clearTimeout(timer);
    const losers = [...open.keys()];
    for (const abandon of open.values()) abandon();
    open.clear();
    return losers;
  };
  const begin = (): void => {
    clearTimeout(timer);
    const address = waiting.shift();
    if (address === undefined) return;
    open.set(
      address,
      dial(address, (error, socket) => {
        if (isOver || !open.delete(address)) return;
        ended(address, socket !== undefined);
        if (socket !== undefined) {
          for (const loser of end()) ended(loser, false);
          return dialled(undefined, socket);
        }
        if (waiting.length > 0 && !isLate()) return begin();
        if (open.size > 0) return;
        end();
        dialled(error, undefined);
      }),
    );
    if (waiting.length > 0) timer = setTimeout(next, open.size < MOST_OPEN ? NEXT_AFTER_MS : patienceMs);
  };
  const next = (): void => {
    if (isLate()) return;
    const [oldest] = open;
    if (open.size >= MOST_OPEN && oldest !== undefined) {
      const [address, abandon] = oldest;
      open.delete(address);
      abandon();
      ended(address, false);
    }
    begin();
  };
  begin();
  return () => {
    const phases = [...open].map(([address, abandon]) => {
      ended(address, false);
      return abandon();
    });
    open.clear();
    end();
    return furthest(phases);
  };
}

function furthest(phases: readonly (OpeningPhase | undefined)[]): OpeningPhase | undefined {
  return phases.includes("securing") ? "securing" : phases[0];
}

/** One of each family in turn, beginning with that of the first (RFC 8305, section 4). */
export function interleaved(addresses: readonly string[]): string[] {
  const isFirst = (address: string) => address.includes(":") === addresses[0]?.includes(":");
  const first = addresses.filter(isFirst);
  const other = addresses.filter((address) => !isFirst(address));
  return Array.from({ length: Math.max(first.length, other.length) }, (_, index) => [first[index], other[index]])
    .flat()
    .filter((address) => address !== undefined);
}
