/**
 * The operator's own words for one kind of channel, under a name, in a language. Merchants' channels name them; nobody
 * but the operator writes them. What is left open is filled in from the transaction by `render-template.ts`.
 */
import type { ChannelKind } from "../channel.ts";

export const TEMPLATE_KINDS = ["email", "sms", "whatsapp"] as const satisfies readonly ChannelKind[];
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

export interface EmailTemplate {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  /** @default the mail has its text alone */
  readonly html?: string | undefined;
}

export interface SmsTemplate {
  readonly text: string;
}

/** Of the template that WhatsApp approved under the same name and language. */
export interface WhatsAppTemplate {
  /** What its body's parameters {{1}}, {{2}}, … are filled with, in their order. */
  readonly parameters: readonly string[];
}

export type TemplateContent =
  | ({ readonly kind: "email" } & EmailTemplate)
  | ({ readonly kind: "sms" } & SmsTemplate)
  | ({ readonly kind: "whatsapp" } & WhatsAppTemplate);

/** Which template; each language of it is an item of its own. */
export interface TemplateName {
  readonly kind: TemplateKind;
  readonly name: string;
}

export interface TemplateKey extends TemplateName {
  readonly language: string;
}

export type Template = TemplateKey & { readonly content: TemplateContent };

/** Lower-case letters, digits, `_` and `-`, as WhatsApp has names. */
export const TEMPLATE_NAME = /^[a-z][a-z0-9_-]{0,63}$/;
/** Letters of a language, of a script, and of a region: BCP 47 without variants and extensions. */
export const LANGUAGE = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/;

export function isTemplateKind(text: string): text is TemplateKind {
  return (TEMPLATE_KINDS as readonly string[]).includes(text);
}

/** Whether it is spelled as BCP 47 recommends, `pt-BR` and not `pt_br`: one language has one item. */
export function isLanguage(text: string): boolean {
  return LANGUAGE.test(text);
}

/** Characters of a subject, filled in or not: a line of a mail holds 998 (RFC 5322, 2.1.1). */
export const MOST_SUBJECT = 200;
/** Bytes of a text and of HTML as they are written. An item of the table holds 400 KB. */
export const MOST_TEXT_BYTES = 32_768;
export const MOST_HTML_BYTES = 131_072;
/** Bytes of either once it is filled in. Several mail programs cut a mail off at some 100 KB. */
export const MOST_FILLED_BYTES = 262_144;
/** Characters of an SMS, as many as fit at the most: `sms-size.ts` has what a text of some has. */
export const MOST_SMS = 1530;
export const MOST_PARAMETERS = 20;
/** Characters of a parameter, filled in or not; WhatsApp takes 1,024 for a body with all of them. */
export const MOST_PARAMETER = 1024;
