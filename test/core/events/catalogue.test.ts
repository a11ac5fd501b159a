/** The catalogue is made of the code, and nothing that a consumer rests on is ever taken away. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { eventSchemas } from "../../../core/events/event-schemas.ts";
import {
  type ConfirmationEvent,
  MERCHANT_EVENTS,
  RESYNC_EVENTS,
  TRANSACTION_EVENTS,
} from "../../../core/events/event-types.ts";
import { exampleEvents } from "../../../core/events/example-events.ts";
import { eventsCatalogueFiles } from "../../../tools/docs/events-catalogue.ts";

type Schema = Readonly<Record<string, any>>;

const ROOT = join(import.meta.dirname, "../../..");
const schemas: Readonly<Record<string, Schema>> = eventSchemas();
const published = JSON.parse(readFileSync(join(import.meta.dirname, "published-v1.json"), "utf8")) as typeof schemas;
const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);

function faultsOf(event: ConfirmationEvent, from: Readonly<Record<string, Schema>> = schemas): string[] {
  const { $id: _, ...schema } = from[event.type.split(".")[0] ?? ""] ?? {};
  ajv.validate(schema, event);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${event.type} ${instancePath} ${message}`);
}

/** Paths of members that an event has and its schema does not name. */
function unknownIn(value: unknown, schema: Schema | undefined, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const member = schema?.["properties"]?.[name] as Schema | undefined;
    return member === undefined ? [`${at}/${name}`] : unknownIn(inner, member, `${at}/${name}`);
  });
}

/** What a reader of `before` would miss in `now`. */
function lostIn(now: Schema | undefined, before: Schema, at: string): string[] {
  if (now === undefined) return [`${at} is gone`];
  const lost: string[] = [];
  for (const name of ["type", "const", "format", "pattern"])
    if (before[name] !== undefined && before[name] !== now[name]) lost.push(`${at}: ${name} is another`);
  for (const value of before["enum"] ?? []) if (!now["enum"]?.includes(value)) lost.push(`${at}: ${value} is gone`);
  for (const name of before["required"] ?? [])
    if (!now["required"]?.includes(name)) lost.push(`${at}: ${name} may be missing now`);
  for (const [name, member] of Object.entries(before["properties"] ?? {}))
    lost.push(...lostIn(now["properties"]?.[name], member as Schema, `${at}/${name}`));
  return lost;
}

describe("the catalogue of events", () => {
  it.each(Object.entries(eventsCatalogueFiles()))("has %s as npm run events-catalogue writes it", (path, text) => {
    expect(readFileSync(join(ROOT, path), "utf8")).toBe(text);
  });

  it("is valid AsyncAPI", async () => {
    const config = await createConfig({ extends: ["recommended-strict"] });
    const problems = await lintFromString({
      source: eventsCatalogueFiles()["docs/events/asyncapi.json"] ?? "",
      absoluteRef: "asyncapi.json",
      config,
    });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)).toEqual(
      [],
    );
  });

  it("has an example of each type, which its schema allows and knows every member of", () => {
    const events = exampleEvents();
    const types = [TRANSACTION_EVENTS, MERCHANT_EVENTS, RESYNC_EVENTS].flatMap((known) => Object.values(known));
    expect(events.map(({ type }) => type).toSorted()).toEqual(types.toSorted());
    expect(events.flatMap((event) => faultsOf(event))).toEqual([]);
    expect(events.flatMap((event) => unknownIn(event, schemas[event.type.split(".")[0] ?? ""]))).toEqual([]);
  });

  it("takes nothing away from what was published as version 1", () => {
    expect(Object.entries(published).flatMap(([subject, schema]) => lostIn(schemas[subject], schema, subject))).toEqual(
      [],
    );
  });

  it("has examples that a reader of the first version 1 takes, but for types that are new", () => {
    const known = new Set(Object.values(published).flatMap(({ properties }) => properties.type.enum as string[]));
    const events = exampleEvents().filter(({ type }) => known.has(type));
    expect(events.flatMap((event) => faultsOf(event, published))).toEqual([]);
  });

  it.each([
    ["a member that is gone", (schema: any) => delete schema.properties.data.properties.state],
    ["a member that may be missing", (schema: any) => schema.properties.data.required.pop()],
    ["a type that is gone", (schema: any) => schema.properties.type.enum.pop()],
    ["a member that is of another kind", (schema: any) => (schema.properties.data.properties.state.type = "number")],
  ])("would say so of %s", (_, change) => {
    const changed = structuredClone(schemas["transaction"] ?? {});
    change(changed);
    expect(lostIn(changed, published["transaction"] ?? {}, "transaction")).toHaveLength(1);
  });
});
