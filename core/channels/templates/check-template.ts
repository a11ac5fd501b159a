/** What is wrong with a template before anything is filled in: all of it, so that one look is enough. */
import { CONTEXT_NAMES } from "./template-context.ts";
import { parseTemplate, type TemplateNode } from "./parse-template.ts";
import { partsOf, type TemplateFault } from "./render-template.ts";
import { MOST_HTML_BYTES, MOST_PARAMETERS, MOST_TEXT_BYTES, type TemplateContent } from "./template.ts";

const ONE_LINE = new Set(["subject"]);

export function templateFaults(content: TemplateContent): readonly TemplateFault[] {
  const faults = partsOf(content).flatMap(({ part, source }) => faultsOf(part, source));
  if (content.kind === "whatsapp" && content.parameters.length > MOST_PARAMETERS) {
    const detail = `got ${content.parameters.length} parameters, expected at most ${MOST_PARAMETERS}`;
    faults.push({ part: "parameters", detail });
  }
  return faults;
}

function faultsOf(part: string, source: string): TemplateFault[] {
  const most = part === "html" ? MOST_HTML_BYTES : MOST_TEXT_BYTES;
  const bytes = Buffer.byteLength(source);
  if (bytes > most) return [{ part, detail: `got ${bytes} bytes, expected at most ${most}` }];
  if (!source.isWellFormed()) return [{ part, detail: "got a lone surrogate, expected well-formed Unicode" }];
  if (source.trim() === "") return [{ part, detail: "got nothing, expected a text" }];
  if (ONE_LINE.has(part) && /[\r\n]/.test(source)) return [{ part, detail: "got a line break, expected one line" }];
  const parsed = parseTemplate(source);
  if ("fault" in parsed) return [{ part, detail: parsed.fault }];
  return unknownNames(parsed.nodes).map((name) => ({
    part,
    detail: `${name} names no value; those that there are begin with ${[...CONTEXT_NAMES].join(", ")}`,
  }));
}

/** Within a section a name may be a member of what the section is about. */
function unknownNames(nodes: readonly TemplateNode[]): string[] {
  const names = nodes.flatMap((node) => {
    if (node.kind === "text") return [];
    return CONTEXT_NAMES.has(node.path[0] ?? "") ? [] : [node.name];
  });
  return [...new Set(names)];
}
