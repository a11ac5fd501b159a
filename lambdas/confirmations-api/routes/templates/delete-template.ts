/**
 * `DELETE /v1/templates/{kind}/{name}/{language}`. The default language goes last, so that a channel never comes to a
 * name that has languages and none to fall back to.
 */
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError, notFound } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import type { TemplateRegistry } from "../../../../core/aws/template-registry.ts";
import { stateOf, templateResource } from "./put-template.ts";
import { templateParam } from "./template-schema.ts";

const ROUNDS = 3;

const route = createRoute({
  ...access("deleteTemplate"),
  method: "delete",
  path: "/templates/{kind}/{name}/{language}",
  tags: ["Templates"],
  summary: "Delete a template in a language",
  description: "Messages of channels that name it fail from then on, once no language of it is left.",
  request: { params: templateParam },
  responses: {
    ...problems("deleteTemplate", [404, 409]),
    204: { description: "It is deleted" },
  },
});

export interface DeleteTemplateParts {
  readonly templates: Pick<TemplateRegistry, "read" | "delete">;
  readonly nowMs: () => number;
}

export function deleteTemplate(app: ApiApp, { templates, nowMs }: DeleteTemplateParts): void {
  app.openapi(route, async (c) => {
    const key = c.req.valid("param");
    for (let round = 0; round < ROUNDS; round += 1) {
      const seen = await templates.read(key);
      const before = stateOf(seen);
      if (before === undefined) throw notFound("template");
      const { languages = [], defaultLanguage } = seen.languages ?? {};
      if (languages.length > 1 && defaultLanguage === key.language)
        throw new ApiError(
          "API_TEMPLATE_CONFLICT",
          "got the default language of a template that has others; put another one with isDefault first, of " +
            `${languages.filter((language) => language !== key.language).join(", ")}.`,
        );
      const now = nowMs();
      const entry = entryOf(c, { action: "deleteTemplate", resource: templateResource(key), before }, now);
      if ((await templates.delete(key, seen, entry, now)) === "written") return c.body(null, 204);
    }
    throw tooContended("The template");
  });
}
