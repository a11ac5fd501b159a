/**
 * `POST /v1/templates/{kind}/{name}/{language}/preview`: what somebody would get, filled in by the function that fills
 * in what is sent. Of the template that is kept, in the language that is found for the one of the path; or of a draft
 * in the request, which is kept nowhere.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { notFound } from "../../../../core/api/api-error.ts";
import { ExactNumber } from "../../../../core/api/exact-json.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { optionalBody } from "../../../../core/api/optional-body.ts";
import type { TemplateRegistry } from "../../../../core/aws/template-registry.ts";
import { chooseLanguage } from "../../../../core/channels/templates/choose-language.ts";
import { smsSize } from "../../../../core/channels/sms-size.ts";
import { renderTemplate } from "../../../../core/channels/templates/render-template.ts";
import type { Template, TemplateKey } from "../../../../core/channels/templates/template.ts";
import type { TemplateContext, TemplateValue } from "../../../../core/channels/templates/template-context.ts";
import { contentOf, contentSchema, templateParam } from "./template-schema.ts";

/** What a template may name without being told what it is. */
const EXAMPLE: TemplateContext = {
  transactionId: "t-1",
  version: "1",
  merchantId: "acme",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  occurredAt: "2026-01-31T12:00:00Z",
  payload: {},
  steps: {},
  recipient: { merchantId: "acme", channel: "preview", to: "somebody@example.com" },
};

/** As deep as a row may be. */
const MOST_DEPTH = 32;

function isAtMostDeep(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) return true;
  return depth > 0 && Object.values(value).every((one) => isAtMostDeep(one, depth - 1));
}

const bodySchema = z
  .strictObject({
    draft: contentSchema.optional().meta({ description: "In the place of the template that is kept" }),
    values: z
      .record(z.string(), z.unknown())
      .refine((values) => isAtMostDeep(values, MOST_DEPTH), `expected at most ${MOST_DEPTH} levels of members`)
      .optional()
      .meta({
        description: "In the place of the example's: `payload`, `steps`, `recipient`, and members of a transaction",
        example: { amount: "99.00", payload: { customer: { name: "Ana" } } },
      }),
  })
  .openapi("TemplatePreviewRequest");

const previewSchema = z
  .strictObject({
    language: z.string().meta({ description: "The one that was found" }),
    subject: z.string().optional(),
    text: z.string().optional(),
    html: z.string().optional(),
    parameters: z.array(z.string()).optional(),
    size: z
      .strictObject({
        encoding: z.enum(["GSM 03.38", "UCS-2"]),
        characters: z.int().meta({ description: "As the encoding counts them" }),
        parts: z.int().meta({ description: "Each of them is paid" }),
      })
      .optional()
      .meta({ description: "Of an SMS" }),
    faults: z
      .array(z.strictObject({ part: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: "Why it cannot be filled in, where it cannot: nothing would be sent" }),
  })
  .openapi("TemplatePreview");

const previewing = access("previewTemplate");
const route = createRoute({
  ...previewing,
  middleware: [previewing.middleware, optionalBody],
  method: "post",
  path: "/templates/{kind}/{name}/{language}/preview",
  tags: ["Templates"],
  summary: "See what somebody would get",
  description: "Filled in as what is sent is. Sends nothing, and keeps nothing of the request.",
  request: { params: templateParam, body: { content: { "application/json": { schema: bodySchema } } } },
  responses: {
    ...problems("previewTemplate", [404], true),
    200: { description: "What it comes to", content: { "application/json": { schema: previewSchema } } },
  },
});

export interface PreviewTemplateParts {
  readonly templates: Pick<TemplateRegistry, "read" | "languagesOf">;
}

export function previewTemplate(app: ApiApp, { templates }: PreviewTemplateParts): void {
  app.openapi(route, async (c) => {
    const key = c.req.valid("param");
    const { draft, values = {} } = c.req.valid("json");
    const template = draft === undefined ? await kept(key, templates) : { ...key, content: contentOf(key.kind, draft) };
    const context = { ...EXAMPLE, ...(valueOf(values) as TemplateContext) };
    const result = renderTemplate(template.content, context);
    const { language } = template;
    if (result.kind === "faulty")
      return c.json({ language, faults: result.faults.map((fault) => ({ ...fault })) }, 200);
    const { kind, ...filled } = result.filled;
    const size = kind === "sms" && "text" in filled ? { size: smsSize(filled.text) } : {};
    return c.json({ language, ...(filled as object), ...size }, 200);
  });
}

/** @throws ApiError API_NOT_FOUND */
async function kept(key: TemplateKey, templates: PreviewTemplateParts["templates"]): Promise<Template> {
  const languages = await templates.languagesOf(key);
  if (languages === undefined) throw notFound("template");
  const { template } = await templates.read({ ...key, language: chooseLanguage(key.language, languages) });
  if (template === undefined) throw notFound("template");
  return template;
}

/** As a transaction's are: numbers are texts, with each of their digits. */
function valueOf(json: unknown): TemplateValue {
  if (json instanceof ExactNumber) return json.text;
  if (typeof json === "number") return String(json);
  if (typeof json === "string" || typeof json === "boolean" || json === null) return json;
  if (Array.isArray(json)) return json.map(valueOf);
  return Object.fromEntries(Object.entries(json as object).map(([name, value]) => [name, valueOf(value)]));
}
