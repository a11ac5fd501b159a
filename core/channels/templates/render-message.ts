/** From a message to what is to be sent: its template, in its language, filled in; or why that cannot be. */
import type { Channel } from "../channel.ts";
import type { ChannelMessage, SendOutcome } from "../channel-sender.ts";
import { failedAs, notSent, WAIT_SECONDS } from "../send-outcomes.ts";
import { type FilledTemplate, renderTemplate } from "./render-template.ts";
import type { TemplateKind } from "./template.ts";
import { templateContext } from "./template-context.ts";
import type { Templates } from "./templates.ts";

type Templated = Extract<Channel, { readonly kind: TemplateKind }>;

export type RenderedMessage<Kind extends TemplateKind> =
  | {
      readonly kind: "rendered";
      readonly filled: Extract<FilledTemplate, { readonly kind: Kind }>;
      /** The one that was found. */
      readonly language: string;
    }
  | { readonly kind: "unsent"; readonly outcome: SendOutcome };

/** Never rejects. @param to the address that it goes to */
export async function renderMessage<Kind extends TemplateKind>(
  templates: Pick<Templates, "find">,
  { channel, transaction, steps, merchantId }: ChannelMessage<Extract<Templated, { readonly kind: Kind }>>,
  to: string,
): Promise<RenderedMessage<Kind>> {
  const { kind, template: name, language: wanted, id } = channel as Templated;
  const found = await templates.find({ kind, name }, wanted).catch((error: unknown) => error as Error);
  if (found instanceof Error)
    return unsent(
      notSent(`the template ${kind} ${name} cannot be read just now (${found.name})`, WAIT_SECONDS.trouble),
    );
  if (found === undefined) return unsent(failedAs("template", `there is no template ${kind} ${name}`));
  const context = templateContext({ transaction, steps, recipient: { merchantId, channel: id, to } });
  const result = renderTemplate(found.content, context);
  if (result.kind === "faulty") {
    const faults = result.faults.map(({ part, detail }) => `${part}: ${detail}`).join("; ");
    return unsent(
      failedAs("template", `the template ${kind} ${name} ${found.language} cannot be filled in: ${faults}`),
    );
  }
  return { kind: "rendered", filled: result.filled as never, language: found.language };
}

function unsent(outcome: SendOutcome): { readonly kind: "unsent"; readonly outcome: SendOutcome } {
  return { kind: "unsent", outcome };
}
