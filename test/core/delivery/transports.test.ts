import { afterEach, expect, it } from "@jest/globals";
import { Transports } from "../../../core/delivery/transports.ts";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import type { Connect } from "../../../core/http/dial.ts";
import type { HttpVersion } from "../../../core/http/tls-identity.ts";
import { type ConnectionNeed, UndiciTransport } from "../../../core/http/undici/undici-transport.ts";
import { neverCalled } from "../../support/strict-fake.ts";

const connect: Connect = () => neverCalled("connect")();
const identity = { name: "fingerprint", certificate: "PEM", privateKey: "PEM" };
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** @returns what carries a call that needs so much, and what is offered there */
function carrierOf(need: ConnectionNeed, always?: HttpVersion): string {
  let carrier = "";
  class Watched extends UndiciTransport {
    override of(asked: ConnectionNeed) {
      carrier = `undici ${asked.httpVersion} ${asked.identity?.name ?? "nobody"}`;
      return super.of(asked);
    }
  }
  const http1 = new ConnectionPools({ connect, maxPools: 1 });
  const transports = new Transports(http1, () => new Watched(connect, { maxPools: 1 }), always);
  stops.push(() => transports.close());
  return transports.of(need) === http1 ? "http1" : carrier;
}

it.each<[ConnectionNeed, HttpVersion | undefined, string]>([
  [{}, undefined, "http1"],
  [{ httpVersion: "1.1" }, undefined, "http1"],
  [{ httpVersion: "2" }, undefined, "undici 2 nobody"],
  [{ identity }, undefined, "undici 1.1 fingerprint"],
  [{ identity, httpVersion: "2" }, undefined, "undici 2 fingerprint"],
  // Through a proxy.
  [{}, "1.1", "undici 1.1 nobody"],
  [{ httpVersion: "2" }, "1.1", "undici 2 nobody"],
  // As `delivery.transport` says.
  [{}, "2", "undici 2 nobody"],
  [{ identity }, "2", "undici 2 fingerprint"],
  [{ httpVersion: "1.1" }, "2", "undici 1.1 nobody"],
])("a call with %j, where undici carries all with %s, goes by %s", (need, always, carrier) => {
  expect(carrierOf(need, always)).toBe(carrier);
});

it("what is closed opens nothing any more, whatever is needed", () => {
  const http1 = new ConnectionPools({ connect, maxPools: 1 });
  const transports = new Transports(http1, neverCalled("undici"), "2");
  transports.close();
  expect(transports.of({ identity })).toBe(http1);
});
