/**
 * `PUT /v1/templates/{kind}/{name}/{language}`: a template in a language, in the place of what was there. Under
 * `If-Match` of what was last seen, so that nobody replaces what he has not seen. The same content again changes
 * nothing.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { ApiError } from "../../../../core/api/api-error.ts";
import { entryOf, tooContended } from "../../../../core/api/audited.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import type { AuditedState } from "../../../../core/audit-log/audit-entry.ts";
import { isSameTemplate, type SeenTemplate, type TemplateRegistry } from "../../../../core/aws/template-registry.ts";
import type { Template, TemplateKey } from "../../../../core/channels/templates/template.ts";
import { digestOf } from "../../../../core/channels/templates/template-item.ts";
import { isMatch } from "../merchants/merchant-view.ts";
import { contentOf, newTemplateSchema, templateParam, templateSchema, templateView } from "./template-schema.ts";

const ROUNDS = 3;

const route = createRoute({
  ...access("putTemplate"),
  method: "put",
  path: "/templates/{kind}/{name}/{language}",
  tags: ["Templates"],
  summary: "Put a template",
  description: "In the place of what was there in this language. Whatever sends has it a minute later.",
  request: {
    params: templateParam,
    headers: z.object({
      "if-match": z.string().min(1).optional().openapi({ description: "ETag of what was last seen" }),
    }),
    body: { required: true, content: { "application/json": { schema: newTemplateSchema } } },
  },
  responses: {
    ...problems("putTemplate", [409, 412], true),
    200: {
      description: "The template as it is now",
      headers: z.object({ etag: z.string() }),
      content: { "application/json": { schema: templateSchema } },
    },
  },
});

export interface PutTemplateParts {
  readonly templates: Pick<TemplateRegistry, "read" | "put">;
  readonly nowMs: () => number;
}

export function putTemplate(app: ApiApp, { templates, nowMs }: PutTemplateParts): void {
  app.openapi(route, async (c) => {
    const key = c.req.valid("param");
    const { isDefault = false, ...given } = c.req.valid("json");
    const template: Template = { ...key, content: contentOf(key.kind, given) };
    const digest = digestOf(template.content);
    for (let round = 0; round < ROUNDS; round += 1) {
      const seen = await templates.read(key);
      requireMatch(c.req.valid("header")["if-match"], seen);
      const becomesDefault = isDefault || seen.languages === undefined;
      const isDefaultNow = becomesDefault || seen.languages?.defaultLanguage === key.language;
      c.header("etag", `"${digest}"`);
      if (isSameTemplate(template, seen) && isDefaultNow === (seen.languages?.defaultLanguage === key.language))
        return c.json(templateView(template, isDefaultNow), 200);
      const before = stateOf(seen);
      const act = {
        action: "putTemplate",
        resource: templateResource(key),
        ...(before !== undefined && { before }),
        after: { digest, isDefault: isDefaultNow },
      } as const;
      const result = await templates.put(template, seen, becomesDefault, entryOf(c, act, nowMs()));
      if (result === "written") return c.json(templateView(template, isDefaultNow), 200);
      if (result === "too many")
        throw new ApiError(
          "API_TEMPLATE_CONFLICT",
          "got one template, or one language of it, more than there may be; delete one that nobody needs first.",
        );
    }
    throw tooContended("The template");
  });
}

/** In the audit log. */
export function templateResource({ kind, name, language }: TemplateKey): string {
  return `templates/${kind}/${name}/${language}`;
}

/** What the log keeps of a template: by its digest it can be told whether it is the same. */
export function stateOf({ digest }: SeenTemplate): AuditedState | undefined {
  return digest === undefined ? undefined : { digest };
}

/** @throws ApiError API_VERSION_CONFLICT */
export function requireMatch(ifMatch: string | undefined, { digest }: SeenTemplate): void {
  const holds = ifMatch === undefined || (digest !== undefined && isMatch(ifMatch, `"${digest}"`));
  if (holds) return;
  throw new ApiError(
    "API_VERSION_CONFLICT",
    "got an If-Match of another state of the template than it has; look at it, then send the change for that.",
  );
}
