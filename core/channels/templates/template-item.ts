/**
 * Templates as items of the Merchants table, under ids that no merchant can have (`OWN_ITEMS`): one for each language,
 * one that lists the languages of a name, and one that lists the names. What is deleted is emptied, and goes when
 * DynamoDB takes away what is over.
 */
import { hash } from "node:crypto";
import { type AttributeMap, stringOf } from "../../transaction/attribute-value.ts";
import type { TemplateLanguages } from "./choose-language.ts";
import {
  isTemplateKind,
  type Template,
  type TemplateContent,
  type TemplateKey,
  type TemplateKind,
  type TemplateName,
} from "./template.ts";

/** How the ids of items begin that are of templates. No merchant may have such an id. */
export const TEMPLATES_PREFIX = "template ";
/** Of the item that lists the names of all templates. */
export const TEMPLATE_INDEX_ID = `${TEMPLATES_PREFIX}*`;

export const TEMPLATE_ITEM = {
  content: "content",
  digest: "digest",
  languages: "languages",
  defaultLanguage: "defaultLanguage",
  names: "names",
} as const;

export function templateId({ kind, name, language }: TemplateKey): string {
  return `${TEMPLATES_PREFIX}${kind} ${name} ${language}`;
}

export function languagesId({ kind, name }: TemplateName): string {
  return `${TEMPLATES_PREFIX}${kind} ${name}`;
}

/** As the index has it. */
export function listedName({ kind, name }: TemplateName): string {
  return `${kind} ${name}`;
}

export function nameOfListed(listed: string): TemplateName | undefined {
  const [kind = "", name] = listed.split(" ");
  return isTemplateKind(kind) && name !== undefined ? { kind, name } : undefined;
}

/** Of what it says, and of nothing else: base64url of SHA-256. */
export function digestOf(content: TemplateContent): string {
  return hash("sha256", JSON.stringify(partsInOrder(content)), "base64url");
}

export function itemOfTemplate(template: Template): AttributeMap {
  return {
    merchantId: { S: templateId(template) },
    [TEMPLATE_ITEM.content]: { M: attributesOf(template.content) },
    [TEMPLATE_ITEM.digest]: { S: digestOf(template.content) },
  };
}

/** @returns undefined for one that was emptied, and for what somebody else wrote there */
export function templateOfItem(key: TemplateKey, item: AttributeMap): Template | undefined {
  const parts = item[TEMPLATE_ITEM.content]?.M;
  const content = parts && contentOf(key.kind, parts);
  return content && { ...key, content };
}

/** Whether it was deleted: neither a template nor a list of languages is left. */
export function isEmptied(item: AttributeMap): boolean {
  return item[TEMPLATE_ITEM.content] === undefined && item[TEMPLATE_ITEM.languages] === undefined;
}

/** @returns undefined for a name that has no template */
export function languagesOfItem(item: AttributeMap | undefined): TemplateLanguages | undefined {
  const languages = item?.[TEMPLATE_ITEM.languages]?.SS ?? [];
  const defaultLanguage = stringOf(item?.[TEMPLATE_ITEM.defaultLanguage]) ?? languages[0];
  return defaultLanguage === undefined ? undefined : { languages: languages.toSorted(), defaultLanguage };
}

/** Sorted. */
export function namesOfIndex(item: AttributeMap | undefined): readonly string[] {
  return (item?.[TEMPLATE_ITEM.names]?.SS ?? []).toSorted();
}

function partsInOrder(content: TemplateContent): readonly unknown[] {
  switch (content.kind) {
    case "email":
      return [content.subject, content.text, content.html ?? null];
    case "sms":
      return [content.text];
    default:
      return content.parameters;
  }
}

function attributesOf(content: TemplateContent): AttributeMap {
  switch (content.kind) {
    case "email":
      return {
        subject: { S: content.subject },
        text: { S: content.text },
        ...(content.html !== undefined && { html: { S: content.html } }),
      };
    case "sms":
      return { text: { S: content.text } };
    default:
      return { parameters: { L: content.parameters.map((parameter) => ({ S: parameter })) } };
  }
}

function contentOf(kind: TemplateKind, map: AttributeMap): TemplateContent | undefined {
  const [subject, text, html] = [stringOf(map["subject"]), stringOf(map["text"]), stringOf(map["html"])];
  switch (kind) {
    case "email":
      if (subject === undefined || text === undefined) return undefined;
      return { kind, subject, text, ...(html !== undefined && { html }) };
    case "sms":
      return text === undefined ? undefined : { kind, text };
    default:
      return { kind, parameters: (map["parameters"]?.L ?? []).map((parameter) => stringOf(parameter) ?? "") };
  }
}
