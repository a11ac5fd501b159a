/** The files of `docs/events/`: the catalogue, and a schema for each subject of events. */
import { eventCatalogue } from "../../core/events/catalogue.ts";
import { eventSchemas } from "../../core/events/event-schemas.ts";

/** By their path. */
export function eventsCatalogueFiles(): Readonly<Record<string, string>> {
  const schemas = Object.entries(eventSchemas()).map(([subject, schema]) => [
    `docs/events/${subject}.v1.schema.json`,
    textOf(schema),
  ]);
  return { "docs/events/asyncapi.json": textOf(eventCatalogue()), ...Object.fromEntries(schemas) };
}

function textOf(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
