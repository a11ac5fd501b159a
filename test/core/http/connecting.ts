/** Origins over plain TCP, and connections that a test opens, answers and breaks by hand. */
import type { Socket } from "node:net";
import { type Abandon, type Connect, dialler, type Dialled, type Receive } from "../../../core/http/dial.ts";
import { ConnectionPools, type ConnectionPoolsOptions } from "../../../core/http/connection-pools.ts";
import { strictFake } from "../../support/strict-fake.ts";

const TIMEOUT_MS = 20_000;

export function overTcp(options: Partial<ConnectionPoolsOptions> = {}): ConnectionPools {
  const dial = dialler(TIMEOUT_MS);
  return new ConnectionPools({ connect: (to, ...hears) => dial(to, to.host, ...hears), maxPools: 10, ...options });
}

/** One opening, and the connection that comes of it. */
export interface HandMade {
  readonly written: string[];
  readonly isDestroyed: boolean;
  readonly isAbandoned: boolean;
  /** Bytes of requests that are said not to be out of the door. @default 0 */
  unwritten: number;
  open(): void;
  fail(error: Error): void;
  respond(text: string): void;
}

/** Each opening waits for the test. */
export function byHand(): { readonly connect: Connect; readonly dials: HandMade[] } {
  const dials: HandMade[] = [];
  const connect: Connect = (_endpoint, receive, dialled) => {
    const made = handMade(receive as Receive, dialled);
    dials.push(made.hand);
    return made.abandon;
  };
  return { connect, dials };
}

function handMade(receive: Receive, dialled: Dialled): { readonly hand: HandMade; readonly abandon: Abandon } {
  const written: string[] = [];
  let isDestroyed = false;
  let isAbandoned = false;
  let unwritten = 0;
  const socket: Socket = strictFake<Socket>("socket", {
    on: () => socket,
    cork: () => undefined,
    uncork: () => undefined,
    write: (text: string | Uint8Array) => written.push(String(text)) > 0,
    get writableLength() {
      return unwritten;
    },
    destroy: () => ((isDestroyed = true), socket),
  });
  const hand: HandMade = {
    written,
    get isDestroyed() {
      return isDestroyed;
    },
    get isAbandoned() {
      return isAbandoned;
    },
    get unwritten() {
      return unwritten;
    },
    set unwritten(bytes) {
      unwritten = bytes;
    },
    open: () => dialled(undefined, socket),
    fail: (error) => dialled(error, undefined),
    respond: (text) => receive(Buffer.from(text, "latin1"), text.length),
  };
  return { hand, abandon: () => ((isAbandoned = true), "connecting") };
}
