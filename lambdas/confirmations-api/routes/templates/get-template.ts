/** `GET /v1/templates/{kind}/{name}/{language}`: this very language, read consistently. */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import type { TemplateRegistry } from "../../../../core/aws/template-registry.ts";
import { templateParam, templateSchema, templateView } from "./template-schema.ts";

const route = createRoute({
  ...access("getTemplate"),
  method: "get",
  path: "/templates/{kind}/{name}/{language}",
  tags: ["Templates"],
  summary: "Look a template up",
  description: "Read consistently, in this very language. Which one somebody gets is what a preview says.",
  request: { params: templateParam },
  responses: {
    ...problems("getTemplate", [404]),
    200: {
      description: "The template as it is",
      headers: z.object({ etag: z.string() }),
      content: { "application/json": { schema: templateSchema } },
    },
  },
});

export interface GetTemplateParts {
  readonly templates: Pick<TemplateRegistry, "read">;
}

export function getTemplate(app: ApiApp, { templates }: GetTemplateParts): void {
  app.openapi(route, async (c) => {
    const key = c.req.valid("param");
    const { template, digest, languages } = await templates.read(key);
    if (template === undefined || digest === undefined) throw notFound("template");
    c.header("etag", `"${digest}"`);
    return c.json(templateView(template, languages?.defaultLanguage === key.language), 200);
  });
}
