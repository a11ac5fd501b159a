/**
 * Templates as the API keeps them: read consistently, and changed only as they were read, each change in one
 * transaction with the lists of languages and names and with its entry of the audit log.
 */
import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { AuditEntry } from "../audit-log/audit-entry.ts";
import type { TemplateLanguages } from "../channels/templates/choose-language.ts";
import type { Template, TemplateKey, TemplateName } from "../channels/templates/template.ts";
import {
  digestOf,
  itemOfTemplate,
  languagesId,
  languagesOfItem,
  listedName,
  namesOfIndex,
  TEMPLATE_INDEX_ID,
  TEMPLATE_ITEM,
  templateId,
  templateOfItem,
} from "../channels/templates/template-item.ts";
import { TIME_TO_LIVE } from "../settings/names.ts";
import { type AttributeMap, stringOf } from "../transaction/attribute-value.ts";
import type { AuditedWrites } from "./audited-writes.ts";

/** Names of templates; all of them are in one item. */
export const MOST_TEMPLATES = 1000;
/** Of one template. */
export const MOST_LANGUAGES = 50;

/** A template as it was read; `digest` is undefined where there is none. */
export interface SeenTemplate {
  readonly template: Template | undefined;
  readonly digest: string | undefined;
  /** Of its name; undefined where it has no language yet. */
  readonly languages: TemplateLanguages | undefined;
}

/** `changed`: it is not as it was read any more. `too many`: names, or languages of the name. */
export type TemplateWrite = "written" | "changed" | "too many";

/** Of the acts of a change, in their order. */
const ITEM_ACT = 0;
const NAMES = { "#digest": TEMPLATE_ITEM.digest };

export class TemplateRegistry {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #audited: AuditedWrites;

  constructor(client: DynamoDBClient, table: string, audited: AuditedWrites) {
    this.#client = client;
    this.#table = table;
    this.#audited = audited;
  }

  async read(key: TemplateKey): Promise<SeenTemplate> {
    const [item, head] = await Promise.all([this.#get(templateId(key)), this.#get(languagesId(key))]);
    return {
      template: item && templateOfItem(key, item),
      digest: stringOf(item?.[TEMPLATE_ITEM.digest]),
      languages: languagesOfItem(head),
    };
  }

  async languagesOf(name: TemplateName): Promise<TemplateLanguages | undefined> {
    return languagesOfItem(await this.#get(languagesId(name)));
  }

  /** Of all templates, sorted; `<kind> <name>` each. */
  async names(): Promise<readonly string[]> {
    return namesOfIndex(await this.#get(TEMPLATE_INDEX_ID));
  }

  /**
   * @param seen as it was read
   * @param isDefault makes its language the one that everybody gets for whom there is no nearer one. The first one is
   */
  async put(template: Template, seen: SeenTemplate, isDefault: boolean, entry: AuditEntry): Promise<TemplateWrite> {
    const item: TransactWriteItem = {
      Put: { TableName: this.#table, Item: itemOfTemplate(template) as never, ...asSeen(seen) },
    };
    const languages: TransactWriteItem = {
      Update: {
        TableName: this.#table,
        Key: keyOf(languagesId(template)),
        UpdateExpression:
          `ADD #languages :languages REMOVE ${TIME_TO_LIVE} SET #default = ` +
          (isDefault ? ":default" : "if_not_exists(#default, :default)"),
        ConditionExpression:
          "attribute_not_exists(#languages) OR contains(#languages, :default) OR size(#languages) < :most",
        ExpressionAttributeNames: {
          "#languages": TEMPLATE_ITEM.languages,
          "#default": TEMPLATE_ITEM.defaultLanguage,
        },
        ExpressionAttributeValues: {
          ":languages": { SS: [template.language] },
          ":default": { S: template.language },
          ":most": { N: String(MOST_LANGUAGES) },
        },
      },
    };
    const index: TransactWriteItem = {
      Update: {
        TableName: this.#table,
        Key: keyOf(TEMPLATE_INDEX_ID),
        UpdateExpression: "ADD #names :names",
        ConditionExpression: "attribute_not_exists(#names) OR contains(#names, :name) OR size(#names) < :most",
        ExpressionAttributeNames: { "#names": TEMPLATE_ITEM.names },
        ExpressionAttributeValues: {
          ":names": { SS: [listedName(template)] },
          ":name": { S: listedName(template) },
          ":most": { N: String(MOST_TEMPLATES) },
        },
      },
    };
    return this.#write([item, languages, index], entry);
  }

  /**
   * @param seen as it was read, with a template that is not the default beside others
   * @param now epoch milliseconds
   */
  async delete(key: TemplateKey, seen: SeenTemplate, entry: AuditEntry, now: number): Promise<TemplateWrite> {
    const isLast = (seen.languages?.languages.length ?? 0) <= 1;
    const purgeAt = { N: String(Math.floor(now / 1000)) };
    const item: TransactWriteItem = {
      Update: {
        TableName: this.#table,
        Key: keyOf(templateId(key)),
        UpdateExpression: `REMOVE #content, #digest SET ${TIME_TO_LIVE} = :purgeAt`,
        ConditionExpression: "#digest = :seen",
        ExpressionAttributeNames: { ...NAMES, "#content": TEMPLATE_ITEM.content },
        ExpressionAttributeValues: { ":seen": { S: seen.digest ?? "" }, ":purgeAt": purgeAt },
      },
    };
    const languages: TransactWriteItem = {
      Update: {
        TableName: this.#table,
        Key: keyOf(languagesId(key)),
        UpdateExpression: isLast
          ? `REMOVE #languages, #default SET ${TIME_TO_LIVE} = :purgeAt`
          : "DELETE #languages :language",
        ConditionExpression: "#languages = :seen AND #default = :default",
        ExpressionAttributeNames: {
          "#languages": TEMPLATE_ITEM.languages,
          "#default": TEMPLATE_ITEM.defaultLanguage,
        },
        ExpressionAttributeValues: {
          ":seen": { SS: [...(seen.languages?.languages ?? [])] },
          ":default": { S: seen.languages?.defaultLanguage ?? "" },
          ...(isLast ? { ":purgeAt": purgeAt } : { ":language": { SS: [key.language] } }),
        },
      },
    };
    const index: TransactWriteItem = {
      Update: {
        TableName: this.#table,
        Key: keyOf(TEMPLATE_INDEX_ID),
        UpdateExpression: "DELETE #names :names",
        ExpressionAttributeNames: { "#names": TEMPLATE_ITEM.names },
        ExpressionAttributeValues: { ":names": { SS: [listedName(key)] } },
      },
    };
    return this.#write(isLast ? [item, languages, index] : [item, languages], entry, "changed");
  }

  async #write(
    acts: readonly TransactWriteItem[],
    entry: AuditEntry,
    refusedElsewhere: TemplateWrite = "too many",
  ): Promise<TemplateWrite> {
    const result = await this.#audited.write(entry, acts);
    if (result.kind === "written") return "written";
    return result.act === ITEM_ACT ? "changed" : refusedElsewhere;
  }

  async #get(id: string): Promise<AttributeMap | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(id), ConsistentRead: true }),
    );
    return Item;
  }
}

/** Whether what is to be written is there already. */
export function isSameTemplate({ content }: Template, { digest }: SeenTemplate): boolean {
  return digest === digestOf(content);
}

function asSeen({ digest }: SeenTemplate): Pick<NonNullable<TransactWriteItem["Put"]>, "ConditionExpression"> {
  if (digest === undefined)
    return { ConditionExpression: "attribute_not_exists(#digest)", ExpressionAttributeNames: NAMES } as object;
  return {
    ConditionExpression: "#digest = :seen",
    ExpressionAttributeNames: NAMES,
    ExpressionAttributeValues: { ":seen": { S: digest } },
  } as object;
}

function keyOf(id: string): { merchantId: { S: string } } {
  return { merchantId: { S: id } };
}
