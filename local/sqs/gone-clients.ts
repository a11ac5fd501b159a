/**
 * A program that is killed while it waits for messages leaves its poll behind. `fauxqs` would respond to it with what
 * comes next, which nobody then has until its visibility is over; here it stays for those who are there.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { buildApp } from "fauxqs";

/** The part of a queue of `fauxqs` that this rests on. */
export interface PolledQueue {
  waitForMessages(seconds: number): Promise<void>;
}

interface Client {
  isGone: boolean;
}

/** Of the request that is being handled. */
const clients = new AsyncLocalStorage<Client>();

/** @param prototype of the queue's class; once for the process */
export function takeNothingForGone(prototype: PolledQueue): void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the queue that it is a method of
  const { waitForMessages } = prototype;
  prototype.waitForMessages = async function (seconds) {
    await waitForMessages.call(this, seconds);
    if (clients.getStore()?.isGone === true) throw new Error("The client has gone.");
  };
}

export function noticeGoneClients(app: ReturnType<typeof buildApp>): void {
  app.addHook("preHandler", (_request, { raw }, done) => {
    const client = { isGone: raw.destroyed };
    raw.once("close", () => (client.isGone = !raw.writableFinished));
    clients.run(client, done);
  });
}
