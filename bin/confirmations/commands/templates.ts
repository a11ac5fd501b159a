/** `npx confirmations templates`: what recipients are told by mail, SMS and WhatsApp, and what it comes to. */
import { type Command, Option } from "@commander-js/extra-typings";
import { parseExactJson } from "../../../core/api/exact-json.ts";
import type { components } from "../api/api-types.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import type { Surroundings } from "../frame/surroundings.ts";
import { fileText, oneOf, wholeNumber } from "../frame/values.ts";
import { pairs, table } from "../show/output.ts";
import { printable } from "../show/printable.ts";
import { bodyText } from "./submit/submitted-json.ts";

const KINDS = ["email", "sms", "whatsapp"] as const;
const MAX_LIMIT = 100;

type Content = components["schemas"]["TemplateContent"];
type Preview = components["schemas"]["TemplatePreview"];

const CONTENT_OPTIONS = [
  ["--subject <text>", "of a mail, one line"],
  ["--text <text>", "of a mail or an SMS"],
  ["--text-file <file>", "the same, from a file or - for standard input"],
  ["--html-file <file>", "of a mail, beside its text"],
] as const;

interface ContentOptions {
  readonly subject?: string;
  readonly text?: string;
  readonly textFile?: string;
  readonly htmlFile?: string;
  readonly parameter?: readonly string[];
}

export function templatesCommands(parent: Command, run: Run): void {
  const templates = parent
    .command("templates")
    .description("Puts, shows, lists and deletes what recipients are told by mail, SMS and WhatsApp, and previews it");
  putCommand(templates, run);
  getCommand(templates, run);
  listCommand(templates, run);
  deleteCommand(templates, run);
  previewCommand(templates, run);
}

/** The template that a command is about. */
function ofOne(parent: Command, name: string, summary: string) {
  return leaf(parent, name, summary)
    .argument("<kind>", KINDS.join(", "), oneOf("<kind>", KINDS))
    .argument("<name>", "as channels name it, such as receipt")
    .argument("<language>", "such as es or pt-BR");
}

function withContent(command: ReturnType<typeof ofOne>): ReturnType<typeof ofOne> {
  for (const [flags, says] of CONTENT_OPTIONS) command.option(flags, says);
  command.option("--parameter <texts...>", "of WhatsApp: what {{1}}, {{2}}, … of the approved body are filled with");
  return command;
}

function putCommand(templates: Command, run: Run): void {
  withContent(ofOne(templates, "put", "Puts a template in a language, in the place of what was there"))
    .option("--default", "who wants a language that there is none near gets this one; the first one is")
    .addHelpText(
      "after",
      examples(
        'templates put email receipt es --subject "Pago {{transactionId}}" --text-file receipt.es.txt',
        'templates put sms receipt en --text "You paid {{amount}} {{currency}}." --default',
        'templates put whatsapp receipt es-MX --parameter "{{payload.name}}" "{{amount}} {{currency}}"',
      ),
    )
    .action(
      run(async (session, kind, name, language, options) => {
        const { default: isDefault } = options as { readonly default?: true };
        const content = await contentOf(options as ContentOptions, session.around);
        if (content === undefined) throw wrongLine("There is nothing to put; expected --text and what else it has");
        const path = { kind, name, language };
        const body = { ...content, ...(isDefault === true && { isDefault }) };
        const template = await session.ask((client) =>
          client.PUT("/v1/templates/{kind}/{name}/{language}", { params: { path }, body }),
        );
        session.output.show(template, () => contentText(template, template.language));
      }),
    );
}

function getCommand(templates: Command, run: Run): void {
  ofOne(templates, "get", "Shows a template as it is kept, in this very language")
    .addHelpText(
      "after",
      examples("templates get email receipt es", "templates get email receipt es --json | jq -r .html"),
    )
    .action(
      run(async (session, kind, name, language) => {
        const template = await session.ask((client) =>
          client.GET("/v1/templates/{kind}/{name}/{language}", { params: { path: { kind, name, language } } }),
        );
        session.output.show(template, () => contentText(template, template.language));
      }),
    );
}

function listCommand(templates: Command, run: Run): void {
  leaf(templates, "list", "Lists templates by kind and name, each with its languages")
    .addOption(new Option("--kind <kind>", "those of this kind alone").argParser(oneOf("--kind", KINDS)))
    .addOption(
      new Option("--limit <count>", "templates of a page, 50 unless given").argParser(
        wholeNumber("--limit", 1, MAX_LIMIT),
      ),
    )
    .option("--cursor <cursor>", "goes on where a page ended")
    .option("--all", "every page, one after the other")
    .addHelpText("after", examples("templates list", "templates list --kind sms --json | jq -r '.items[].name'"))
    .action(
      run(async (session, { kind, limit, all, ...options }) => {
        const items: components["schemas"]["TemplatePage"]["items"] = [];
        let { cursor } = options;
        for (;;) {
          const query = {
            ...(kind !== undefined && { kind }),
            ...(limit !== undefined && { limit }),
            ...(cursor !== undefined && { cursor }),
          };
          const page = await session.ask((client) => client.GET("/v1/templates", { params: { query } }));
          items.push(...page.items);
          cursor = page.nextCursor;
          if (all === undefined || cursor === undefined) break;
        }
        session.output.show({ items, ...(cursor !== undefined && { nextCursor: cursor }) }, () => {
          const rows = items.map((item) => [item.kind, item.name, item.languages.join(", "), item.defaultLanguage]);
          const shown = items.length === 0 ? "None here." : table(["kind", "name", "languages", "default"], rows);
          return cursor === undefined ? shown : `${shown}\n\nThere may be more: --cursor ${cursor}, or --all.`;
        });
      }),
    );
}

function deleteCommand(templates: Command, run: Run): void {
  ofOne(templates, "delete", "Deletes a template in a language; the default one goes last")
    .addHelpText("after", examples("templates delete email receipt es"))
    .action(
      run(async (session, kind, name, language) => {
        const path = { kind, name, language };
        await session.ask((client) =>
          client
            .DELETE("/v1/templates/{kind}/{name}/{language}", { params: { path } })
            .then((result) => ({ ...result, data: result.response.ok ? path : undefined })),
        );
        session.output.show({ ...path, deleted: true }, () => `Deleted ${kind} ${name} ${language}.`);
      }),
    );
}

function previewCommand(templates: Command, run: Run): void {
  withContent(ofOne(templates, "preview", "Shows what somebody would get; of a draft, where one is given"))
    .option("--values <file>", "JSON with what is filled in, such as payload; a file, or - for standard input")
    .addHelpText(
      "after",
      examples(
        "templates preview email receipt es-MX",
        "templates preview email receipt es --values example.json",
        'templates preview sms receipt es --text "Pagaste {{amount}} {{currency}}."',
      ),
    )
    .action(
      run(async (session, kind, name, language, options) => {
        const { values: file } = options as { readonly values?: string };
        const draft = await contentOf(options as ContentOptions, session.around);
        const values = file === undefined ? undefined : valuesIn(await fileText(file, session.around));
        const body = { ...(draft !== undefined && { draft }), ...(values !== undefined && { values }) };
        const preview = await session.ask((client) =>
          client.POST("/v1/templates/{kind}/{name}/{language}/preview", {
            params: { path: { kind, name, language } },
            body,
            bodySerializer: bodyText,
          }),
        );
        const { faults } = preview;
        session.output.show(preview, () =>
          faults === undefined
            ? contentText(preview, preview.language) + sizeText(preview.size)
            : ["It cannot be filled in, and nothing would be sent:", ...faults.map(faultLine)].join("\n"),
        );
        return faults === undefined ? EXIT_CODES.done.code : EXIT_CODES.refused.code;
      }),
    );
}

function sizeText(size: Preview["size"]): string {
  if (size === undefined) return "";
  const { encoding, characters, parts } = size;
  const paid = `${parts} ${parts === 1 ? "part" : "parts"}, each of which is paid`;
  return `\n\n${paid}: ${characters} characters of ${encoding}`;
}

function faultLine({ part, detail }: { readonly part: string; readonly detail: string }): string {
  return `  ${part}: ${printable(detail)}`;
}

/** @returns undefined where nothing is given */
async function contentOf(
  { subject, text, textFile, htmlFile, parameter }: ContentOptions,
  around: Surroundings,
): Promise<Content | undefined> {
  if (text !== undefined && textFile !== undefined) throw wrongLine("--text and --text-file are both given");
  if (textFile === "-" && htmlFile === "-") throw wrongLine("--text-file and --html-file are both standard input");
  const content = {
    ...(subject !== undefined && { subject }),
    ...(text !== undefined && { text }),
    ...(textFile !== undefined && { text: await fileText(textFile, around) }),
    ...(htmlFile !== undefined && { html: await fileText(htmlFile, around) }),
    ...(parameter !== undefined && { parameters: [...parameter] }),
  };
  return Object.keys(content).length === 0 ? undefined : content;
}

/** Numbers with the digits that they have. */
function valuesIn(json: string): Record<string, unknown> {
  try {
    const values = parseExactJson(json);
    if (typeof values === "object" && values !== null && !Array.isArray(values))
      return values as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw wrongLine('--values is no object in JSON, expected one such as {"payload":{"customer":{"name":"Ana"}}}');
}

function contentText({ subject, text, html, parameters }: Content, language: string): string {
  const parts = { text, html };
  const shown = Object.entries(parts).flatMap(([name, part]) =>
    part === undefined ? [] : [`\n${name}:\n${printableLines(part)}`],
  );
  const numbered = (parameters ?? []).map((parameter, index) => [`{{${index + 1}}}`, parameter] as const);
  return [pairs({ language, subject, ...Object.fromEntries(numbered) }), ...shown].join("\n");
}

function printableLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => printable(line))
    .join("\n");
}
