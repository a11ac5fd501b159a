/**
 * Sessions to one endpoint. Where HTTP/2 is spoken, or nobody knows yet, those that want one at the same time wait for
 * one opening together, and later ones join a session that has room; over HTTP/1.1 each has its own.
 */
import type { Socket } from "node:net";
import { ClosedEarlyError } from "../connection.ts";
import type { Abandon, Connect, Endpoint, OpeningPhase } from "../dial.ts";
import { type ClientClass, FirstError, type SessionUser, UndiciSession } from "./undici-session.ts";

export type SessionOpened = (error: Error | undefined, session?: UndiciSession) => void;

interface Waiting {
  readonly user: SessionUser;
  readonly opened: SessionOpened;
  opening: Opening;
}

interface Opening {
  /** Whoever began it first. */
  readonly waiting: Set<Waiting>;
  abandon: Abandon;
}

const HTTP_2 = "h2";
/** That wait for one opening. */
const MOST_TOGETHER = 100;

export class SessionOpenings {
  readonly #endpoint: Endpoint;
  readonly #connect: Connect;
  readonly #now: () => number;
  readonly #sessions = new Set<UndiciSession>();
  /** The one that others may wait for. */
  #opening: Opening | undefined;
  #isShared: boolean;

  constructor(endpoint: Endpoint, connect: Connect, now: () => number) {
    this.#endpoint = endpoint;
    this.#connect = connect;
    this.#now = now;
    this.#isShared = endpoint.isTls && endpoint.protocols?.includes(HTTP_2) === true;
  }

  /** @param opened told once, not before this has returned */
  open(user: SessionUser, opened: SessionOpened): Abandon {
    for (const session of this.#sessions) {
      if (session.isRetired) this.#sessions.delete(session);
      else if (session.mayBeJoined) return joined(session, user, opened);
    }
    const known = this.#opening;
    const opening = known !== undefined && known.waiting.size < MOST_TOGETHER ? known : newOpening();
    const waiting = { user, opened, opening };
    opening.waiting.add(waiting);
    if (opening !== known) this.#dial(opening);
    return () => this.#leave(waiting);
  }

  #dial(opening: Opening): void {
    if (this.#isShared) this.#opening = opening;
    const startedAt = this.#now();
    opening.abandon = this.#connect(this.#endpoint, undefined, (error, socket) => {
      if (socket === undefined) this.#failed(opening, error);
      else void this.#dialled(opening, socket, this.#now() - startedAt);
    });
  }

  async #dialled(opening: Opening, socket: Socket, openingMs: number): Promise<void> {
    const broken = new FirstError(socket);
    const ClientOf = await clientClass();
    if (opening.waiting.size === 0) return void socket.destroy();
    if (socket.destroyed) return this.#failed(opening, broken.error ?? closedAtOnce());
    const { origin } = this.#endpoint;
    this.#opened(opening, new UndiciSession(ClientOf, { origin, socket, broken, openingMs, now: this.#now }));
  }

  #failed(opening: Opening, error: Error | undefined): void {
    this.#over(opening);
    for (const { opened } of opening.waiting) opened(error);
  }

  #opened(opening: Opening, session: UndiciSession): void {
    this.#over(opening);
    this.#isShared = session.isShared;
    const [first, ...others] = opening.waiting;
    if (session.isShared) this.#sessions.add(session);
    for (const { user } of session.isShared ? opening.waiting : first === undefined ? [] : [first]) session.join(user);
    first?.opened(undefined, session);
    for (const waiting of others) {
      if (session.isShared) waiting.opened(undefined, session);
      else this.#begin([waiting]);
    }
  }

  /** Whoever waits longest goes first: what began with it has come to nothing, and for the others it is begun anew. */
  #leave(waiting: Waiting): OpeningPhase | undefined {
    const { opening } = waiting;
    const [first] = opening.waiting;
    if (!opening.waiting.delete(waiting)) return undefined;
    if (first !== waiting) return "connecting";
    this.#over(opening);
    const others = [...opening.waiting];
    opening.waiting.clear();
    const phase = opening.abandon();
    if (others.length > 0) this.#begin(others);
    return phase;
  }

  #begin(all: readonly Waiting[]): void {
    const opening = newOpening();
    for (const waiting of all) {
      waiting.opening = opening;
      opening.waiting.add(waiting);
    }
    this.#dial(opening);
  }

  #over(opening: Opening): void {
    if (this.#opening === opening) this.#opening = undefined;
  }
}

function closedAtOnce(): ClosedEarlyError {
  return new ClosedEarlyError("the connection was closed as it was opened");
}

function newOpening(): Opening {
  return { waiting: new Set(), abandon: () => undefined };
}

function joined(session: UndiciSession, user: SessionUser, opened: SessionOpened): Abandon {
  let isWanted = true;
  session.join(user);
  queueMicrotask(() => {
    if (isWanted) opened(undefined, session);
  });
  return () => {
    isWanted = false;
    session.leave(user);
    return "connecting";
  };
}

let loaded: Promise<ClientClass> | undefined;

/** Read when it is first needed: most programs never do. */
function clientClass(): Promise<ClientClass> {
  return (loaded ??= import("undici/lib/dispatcher/client.js").then((module) => module.default));
}
