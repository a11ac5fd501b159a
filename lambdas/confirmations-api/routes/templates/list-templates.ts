/** `GET /v1/templates`: which there are, by kind and name, with their languages. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { pageQuery, readCursor, writeCursor } from "../../../../core/api/cursor.ts";
import { access, principalIn, problems } from "../../../../core/api/operation.ts";
import type { TemplateRegistry } from "../../../../core/aws/template-registry.ts";
import { TEMPLATE_KINDS } from "../../../../core/channels/templates/template.ts";
import { nameOfListed } from "../../../../core/channels/templates/template-item.ts";

const pageSchema = z
  .strictObject({
    items: z.array(
      z.strictObject({
        kind: z.enum(TEMPLATE_KINDS),
        name: z.string(),
        languages: z.array(z.string()).meta({ description: "Sorted" }),
        defaultLanguage: z.string(),
      }),
    ),
    nextCursor: z.string().optional().meta({ description: "Left out after the last page" }),
    consistency: z.literal("strong").meta({ description: "Each page is read consistently" }),
  })
  .openapi("TemplatePage");

const route = createRoute({
  ...access("listTemplates"),
  method: "get",
  path: "/templates",
  tags: ["Templates"],
  summary: "List templates",
  description: "By kind and name. A page may have fewer than `limit`, and the last one has no cursor.",
  request: {
    query: z.strictObject({
      ...pageQuery,
      kind: z.enum(TEMPLATE_KINDS).optional().openapi({ description: "Those of this kind alone" }),
    }),
  },
  responses: {
    ...problems("listTemplates"),
    200: { description: "A page", content: { "application/json": { schema: pageSchema } } },
  },
});

export interface ListTemplatesParts {
  readonly templates: Pick<TemplateRegistry, "names" | "languagesOf">;
}

export function listTemplates(app: ApiApp, { templates }: ListTemplatesParts): void {
  app.openapi(route, async (c) => {
    const principal = principalIn(c);
    const { limit, cursor, ...wanted } = c.req.valid("query");
    const after = readCursor(cursor, principal, wanted, z.string());
    const names = (await templates.names()).filter(
      (listed) =>
        (after === undefined || listed > after) && (wanted.kind === undefined || listed.startsWith(`${wanted.kind} `)),
    );
    const page = names.slice(0, limit);
    const items = await Promise.all(page.map((listed) => itemOf(listed, templates)));
    const last = page.at(-1);
    const next = names.length > page.length && last !== undefined ? writeCursor(principal, wanted, last) : undefined;
    return c.json(
      {
        items: items.flatMap((item) => item ?? []),
        ...(next !== undefined && { nextCursor: next }),
        consistency: "strong",
      } as const,
      200,
    );
  });
}

/** @returns undefined for one that was deleted meanwhile */
async function itemOf(listed: string, templates: ListTemplatesParts["templates"]) {
  const name = nameOfListed(listed);
  const languages = name && (await templates.languagesOf(name));
  if (name === undefined || languages === undefined) return undefined;
  return { ...name, languages: [...languages.languages], defaultLanguage: languages.defaultLanguage };
}
