import { describe, expect, it } from "@jest/globals";
import { chooseLanguage } from "../../../../core/channels/templates/choose-language.ts";
import { renderMessage } from "../../../../core/channels/templates/render-message.ts";
import {
  isLanguage,
  type Template,
  TEMPLATE_KINDS,
  TEMPLATE_NAME,
} from "../../../../core/channels/templates/template.ts";
import {
  digestOf,
  itemOfTemplate,
  languagesId,
  languagesOfItem,
  nameOfListed,
  templateId,
  templateOfItem,
} from "../../../../core/channels/templates/template-item.ts";
import { Templates } from "../../../../core/channels/templates/templates.ts";
import type { ChannelMessage } from "../../../../core/channels/channel-sender.ts";
import type { ChannelOf } from "../../../../core/channels/channel.ts";
import { whyReserved } from "../../../../core/merchant/reserved-ids.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";

const template = (language: string, text: string): Template => ({
  kind: "sms",
  name: "receipt",
  language,
  content: { kind: "sms", text },
});
const head = (languages: readonly string[], defaultLanguage: string): AttributeMap => ({
  languages: { SS: languages },
  defaultLanguage: { S: defaultLanguage },
});

class Rows {
  readonly rows = new Map<string, AttributeMap>();
  readonly reads: string[] = [];
  nowMs = 0;
  isBroken = false;
  readonly templates = new Templates({
    read: (id) => {
      this.reads.push(id);
      return this.isBroken ? Promise.reject(new Error("throttled")) : Promise.resolve(this.rows.get(id));
    },
    now: () => this.nowMs,
  });

  put(...given: readonly Template[]): this {
    for (const one of given) this.rows.set(templateId(one), itemOfTemplate(one));
    const [first] = given;
    if (first !== undefined)
      this.rows.set(
        languagesId(first),
        head(
          given.map(({ language }) => language),
          first.language,
        ),
      );
    return this;
  }
}

const message: ChannelMessage<ChannelOf<"sms">> = {
  channel: { id: "text", kind: "sms", to: "+525512345678", template: "receipt", language: "es-MX" },
  merchantId: "acme",
  transaction: {
    transactionId: "t-1",
    version: 1,
    merchantId: "acme",
    outcome: "APPROVED",
    amount: "1",
    currency: "MXN",
    occurredAt: "2026-01-31T12:00:00Z",
  },
  webhookId: "msg_1",
  body: "{}",
  steps: [],
};

describe("the language of a template", () => {
  const there = { languages: ["en", "es", "es-AR", "zh-Hant"], defaultLanguage: "en" };

  it.each([
    ["es-MX", "es"],
    ["es-AR", "es-AR"],
    ["es", "es"],
    ["zh-Hant-TW", "zh-Hant"],
    ["zh", "en"],
    ["pt-BR", "en"],
    [undefined, "en"],
  ])("is the nearest that there is, and never another region's: %s gets %s", (wanted, got) => {
    expect(chooseLanguage(wanted, there)).toBe(got);
  });

  it.each(["es", "es-MX", "es-419", "zh-Hant-TW", "fil"])("is %s as BCP 47 recommends it", (language) => {
    expect(isLanguage(language)).toBe(true);
  });

  it.each(["ES", "es_MX", "es-mx", "spanish", "", "e", "es-MX-x-y", "*"])("is not %j", (language) => {
    expect(isLanguage(language)).toBe(false);
  });
});

describe("the items of a template", () => {
  it("are read as they were written", () => {
    for (const content of [
      { kind: "email", subject: "s", text: "t", html: "h" },
      { kind: "email", subject: "s", text: "t" },
      { kind: "sms", text: "t" },
      { kind: "whatsapp", parameters: ["{{amount}}", "b"] },
    ] as const) {
      const given = { kind: content.kind, name: "receipt", language: "es", content };
      expect(templateOfItem(given, itemOfTemplate(given))).toEqual(given);
    }
  });

  it("have ids that no merchant can have", () => {
    const one = template("es", "t");
    for (const id of [templateId(one), languagesId(one), "template *"]) expect(whyReserved(id)).toBeDefined();
    expect(TEMPLATE_NAME.test("a b")).toBe(false);
    expect(nameOfListed("sms receipt")).toEqual({ kind: "sms", name: "receipt" });
  });

  it("have another digest for another content", () => {
    expect(digestOf({ kind: "sms", text: "a" })).not.toBe(digestOf({ kind: "sms", text: "b" }));
    expect(digestOf({ kind: "email", subject: "a", text: "b" })).not.toBe(
      digestOf({ kind: "email", subject: "a", text: "b", html: "c" }),
    );
  });

  it("come to nothing where they were emptied", () => {
    for (const kind of TEMPLATE_KINDS)
      expect(templateOfItem({ kind, name: "receipt", language: "es" }, { purgeAt: { N: "1" } })).toBeUndefined();
    expect(languagesOfItem({ purgeAt: { N: "1" } })).toBeUndefined();
  });
});

describe("templates as whoever sends knows them", () => {
  it("are believed for a minute, and read anew after it", async () => {
    const rows = new Rows().put(template("es", "a"));
    const name = { kind: "sms", name: "receipt" } as const;
    expect((await rows.templates.find(name, "es-MX"))?.language).toBe("es");
    rows.put(template("es", "b"));
    rows.nowMs = 59_999;
    expect((await rows.templates.find(name))?.content).toEqual({ kind: "sms", text: "a" });
    rows.nowMs = 60_000;
    expect((await rows.templates.find(name))?.content).toEqual({ kind: "sms", text: "b" });
    expect(rows.reads).toHaveLength(4);
  });

  it("are found in another language at once where theirs is deleted, and in theirs once it is put again", async () => {
    const name = { kind: "sms", name: "receipt" } as const;
    const rows = new Rows().put(template("en", "a"), template("es", "b"));
    expect((await rows.templates.find(name, "en"))?.language).toBe("en");
    rows.put(template("en", "a")).rows.set(templateId(template("es", "b")), { purgeAt: { N: "1" } });
    expect((await rows.templates.find(name, "es"))?.language).toBe("en");
    rows.put(template("en", "a"), template("es", "c"));
    rows.nowMs = 60_000;
    expect((await rows.templates.find(name, "es"))?.content).toEqual({ kind: "sms", text: "c" });
  });

  it("are none where their last language is deleted", async () => {
    const name = { kind: "sms", name: "receipt" } as const;
    const rows = new Rows().put(template("en", "a"), template("es", "b"));
    await rows.templates.find(name, "en");
    for (const id of rows.rows.keys()) rows.rows.set(id, { purgeAt: { N: "1" } });
    expect(await rows.templates.find(name, "es")).toBeUndefined();
  });

  it("are looked for each time while there is none", async () => {
    const rows = new Rows();
    expect(await rows.templates.find({ kind: "sms", name: "receipt" })).toBeUndefined();
    rows.put(template("es", "a"));
    expect(await rows.templates.find({ kind: "sms", name: "receipt" })).toBeDefined();
  });
});

describe("the text of a message", () => {
  it("is its template in its language, filled in", async () => {
    const rows = new Rows().put(template("en", "{{amount}}"), template("es", "{{amount}} {{recipient.to}}"));
    expect(await renderMessage<"sms">(rows.templates, message, "+525512345678")).toEqual({
      kind: "rendered",
      filled: { kind: "sms", text: "1 +525512345678" },
      language: "es",
    });
  });

  it("is the operator's fault where there is no template, or none that can be filled in", async () => {
    const of = async (rows: Rows) => renderMessage<"sms">(rows.templates, message, "+525512345678");
    const failed = (error: string) => ({
      kind: "unsent",
      outcome: { kind: "outcome", outcome: { kind: "failed", class: "template", error } },
    });
    expect(await of(new Rows())).toEqual(failed("there is no template sms receipt"));
    expect(await of(new Rows().put(template("es", "{{payload.who}}")))).toEqual(
      failed("the template sms receipt es cannot be filled in: text: payload.who is missing"),
    );
  });

  it("waits while the table cannot be read, and uses up no attempt", async () => {
    const rows = new Rows().put(template("es", "a"));
    rows.isBroken = true;
    expect(await renderMessage<"sms">(rows.templates, message, "+1")).toEqual({
      kind: "unsent",
      outcome: { kind: "not sent", error: expect.stringContaining("cannot be read"), waitSeconds: 30 },
    });
  });
});
