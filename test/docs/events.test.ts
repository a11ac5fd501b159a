/** The page of events: its example is an event, and its consumer does what the page says. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { runInThisContext } from "node:vm";
import { describe, expect, it } from "@jest/globals";
import * as events from "../../core/events/consume.ts";
import {
  type ConfirmationEvent,
  MERCHANT_EVENTS,
  RESYNC_EVENTS,
  TRANSACTION_EVENTS,
} from "../../core/events/event-types.ts";
import { exampleEvents } from "../../core/events/example-events.ts";

const page = readFileSync(new URL("../../docs/using/events.md", import.meta.url), "utf8");
const [, json = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];

interface Consumer {
  readonly known: ReadonlyMap<string, events.KnownTransaction>;
  readonly handle: (body: string) => void;
}

function consumer(): Consumer {
  const plain = stripTypeScriptTypes(code)
    .replace(/import (\{[\s\S]*?\}) from "confirmation-pipeline\/events";/, "const $1 = events;")
    .replaceAll("export ", "");
  const made = runInThisContext(`(events) => { ${plain}; return { known, handle }; }`) as (
    given: typeof events,
  ) => Consumer;
  return made(events);
}

describe("the page of events", () => {
  it("shows an event as it is", () => {
    expect(JSON.parse(json)).toEqual(exampleEvents().find(({ type }) => type === "transaction.confirmed"));
  });

  it("has each type", () => {
    const types = [TRANSACTION_EVENTS, MERCHANT_EVENTS, RESYNC_EVENTS].flatMap((known) => Object.values(known));
    expect(types.filter((type) => !page.includes(`\`${type}\``))).toEqual([]);
  });

  it("has a consumer that bears what comes twice, late, and of other things", () => {
    const { known, handle } = consumer();
    const all: ConfirmationEvent[] = exampleEvents();
    for (const event of [...all.toReversed(), ...all]) handle(JSON.stringify(event));
    expect([...known.keys()]).toEqual(["t-1"]);
    const last = all.findLast(({ type, sequence }) => type.startsWith("transaction.") && sequence !== undefined);
    expect(known.get("t-1")?.sequence).toBe(last?.sequence);
  });

  it("has a consumer that forgets what a resync did not name", () => {
    const { known, handle } = consumer();
    const [accepted, resync] = ["transaction.accepted", "resync.completed"].map((type) =>
      exampleEvents().find((event) => event.type === type),
    );
    handle(JSON.stringify({ ...accepted, time: "2026-11-20T00:00:00.000Z" }));
    handle(JSON.stringify({ ...resync, data: { ...resync?.data, merchantId: "another" } }));
    expect(known.size).toBe(1);
    handle(JSON.stringify(resync));
    expect(known.size).toBe(0);
  });
});
