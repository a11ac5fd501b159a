/** A template as the API takes it and shows it; which members it has follows from its kind. */
import { z } from "@hono/zod-openapi";
import { ApiError } from "../../../../core/api/api-error.ts";
import type { FaultAt } from "../../../../core/api/problem.ts";
import { templateFaults } from "../../../../core/channels/templates/check-template.ts";
import {
  isLanguage,
  MOST_PARAMETERS,
  TEMPLATE_KINDS,
  TEMPLATE_NAME,
  type Template,
  type TemplateContent,
  type TemplateKind,
} from "../../../../core/channels/templates/template.ts";

const kindSchema = z.enum(TEMPLATE_KINDS).meta({ description: "Kind of the channel that it is for" });
const nameSchema = z
  .string()
  .regex(TEMPLATE_NAME, "expected a lower-case letter, and up to 63 of lower-case letters, digits, _ and - after it")
  .meta({ description: "As channels name it; for WhatsApp as it was approved there", example: "receipt" });
const languageSchema = z
  .string()
  .refine(isLanguage, "expected a language such as es, pt-BR or zh-Hant-TW (BCP 47)")
  .meta({ description: "BCP 47", example: "es-MX" });

export const templateParam = z.object({ kind: kindSchema, name: nameSchema, language: languageSchema });

const members = {
  subject: z.string().optional().meta({ description: "Of a mail; one line", example: "Payment {{transactionId}}" }),
  text: z
    .string()
    .optional()
    .meta({ description: "Of a mail or an SMS", example: "You paid {{amount}} {{currency}}." }),
  html: z.string().optional().meta({ description: "Of a mail, beside its text; values are escaped as HTML" }),
  parameters: z
    .array(z.string())
    .max(MOST_PARAMETERS)
    .optional()
    .meta({
      description: "Of WhatsApp: what {{1}}, {{2}}, … of the approved body are filled with",
      example: ["{{amount}}"],
    }),
};

export const contentSchema = z.strictObject(members).openapi("TemplateContent");

export const newTemplateSchema = z
  .strictObject({
    ...members,
    isDefault: z
      .boolean()
      .optional()
      .meta({ description: "Who wants a language that there is none near gets this one. The first one is" }),
  })
  .openapi("NewTemplate");

export const templateSchema = z
  .strictObject({
    kind: kindSchema,
    name: z.string(),
    language: z.string(),
    ...members,
    isDefault: z.boolean(),
  })
  .openapi("Template");
export type TemplateView = z.infer<typeof templateSchema>;

export function templateView({ kind, name, language, content }: Template, isDefault: boolean): TemplateView {
  const { kind: _, ...parts } = content;
  return { kind, name, language, ...(parts as Partial<TemplateView>), isDefault };
}

/** Members that a kind has, and whether each must be there. */
const MEMBERS: Readonly<Record<TemplateKind, Readonly<Partial<Record<keyof typeof members, boolean>>>>> = {
  email: { subject: true, text: true, html: false },
  sms: { text: true },
  whatsapp: { parameters: true },
};

/** @throws ApiError API_BODY_INVALID that names every fault */
export function contentOf(kind: TemplateKind, given: z.infer<typeof contentSchema>): TemplateContent {
  const known = MEMBERS[kind];
  const faults: FaultAt[] = Object.keys(members).flatMap((name) => {
    const isGiven = given[name as keyof typeof members] !== undefined;
    const isNeeded = known[name as keyof typeof members];
    if (isGiven && isNeeded === undefined)
      return [{ pointer: `/${name}`, detail: `is no member of ${kind} templates` }];
    return !isGiven && isNeeded === true ? [{ pointer: `/${name}`, detail: "is missing" }] : [];
  });
  const content = { kind, ...given } as TemplateContent;
  if (faults.length === 0)
    faults.push(...templateFaults(content).map(({ part, detail }) => ({ pointer: `/${part}`, detail })));
  if (faults.length === 0) return content;
  const told = faults.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; ");
  throw new ApiError("API_BODY_INVALID", `got a template that cannot be used: ${told}.`, { errors: faults });
}
