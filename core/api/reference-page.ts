/**
 * The document as a page to be read: one file without scripts, so that it holds under the strictest policy and loads
 * nothing from elsewhere. For trying requests there are the command line and the document itself.
 */
import { hash } from "node:crypto";
import { html, raw } from "hono/html";
import type { ApiDocument } from "./document.ts";

const STYLE = [
  "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color-scheme:light dark}",
  "h2{border-bottom:1px solid;margin-top:3rem}h3{margin-top:2rem}code,pre{font:14px/1.4 ui-monospace,monospace}",
  "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}",
  "pre{overflow:auto;padding:.75rem;border:1px solid}",
].join("");

/** What a content security policy has to allow for the page. */
export const STYLE_SOURCE = `'sha256-${hash("sha256", STYLE, "base64")}'`;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: { readonly description?: string };
}

interface Listed extends Operation {
  readonly method: string;
  readonly path: string;
}

export function referencePage(document: ApiDocument) {
  const operations = operationsOf(document);
  const { schemas = {} } = document.components ?? {};
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.info.title}: API</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${document.info.title}: API</h1>
          <p>${document.info.description}</p>
          <p>All of it for programs: <a href="openapi.json">openapi.json</a></p>
          ${(document.tags ?? []).map(({ name, description }) => {
            const tagged = operations.filter(({ tags = [] }) => tags.includes(name));
            if (tagged.length === 0) return "";
            return html`<section>
              <h2>${name}</h2>
              <p>${description}</p>
              ${tagged.map(operationSection)}
            </section>`;
          })}
          <section>
            <h2>Schemas</h2>
            ${Object.entries(schemas).map(
              ([name, schema]) =>
                html`<h3 id="${name}">${name}</h3>
                  <pre>${JSON.stringify(schema, null, 2)}</pre>`,
            )}
          </section>
        </main>
      </body>
    </html>`;
}

function operationSection(operation: Listed) {
  const { operationId, summary, description, method, path, security = [], parameters = [], responses } = operation;
  const scopes = security.flatMap((one) => Object.values(one).flat());
  return html`<article>
    <h3 id="${operationId}"><code>${method.toUpperCase()} ${path}</code></h3>
    <p>${summary}. ${description ?? ""}</p>
    <p>${scopes.length === 0 ? "Without a token." : html`Scope: <code>${scopes.join(" or ")}</code>`}</p>
    ${
      parameters.length === 0
        ? ""
        : html`<table>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col">In</th>
              <th scope="col">What</th>
            </tr>
            ${parameters.map(
              (parameter) =>
                html`<tr>
                  <td><code>${parameter.name}</code>${parameter.required === true ? " (required)" : ""}</td>
                  <td>${parameter.in}</td>
                  <td>${parameter.description ?? parameter.schema?.description ?? ""}</td>
                </tr>`,
            )}
          </table>`
    }
    ${bodyOf(operation)}
    <table>
      <tr>
        <th scope="col">Status</th>
        <th scope="col">What</th>
      </tr>
      ${Object.entries(responses).map(
        ([status, response]) =>
          html`<tr>
            <td>${status}</td>
            <td>${response.description}</td>
          </tr>`,
      )}
    </table>
  </article>`;
}

function bodyOf({ requestBody }: Operation) {
  const [content] = Object.values(requestBody?.content ?? {});
  if (content === undefined) return "";
  const reference = (content.schema as { readonly $ref?: string }).$ref?.split("/").at(-1);
  return reference === undefined
    ? html`<pre>${JSON.stringify(content.schema, null, 2)}</pre>`
    : html`<p>Body: <a href="#${reference}">${reference}</a></p>`;
}

const METHODS = new Set(["get", "post", "put", "patch", "delete"]);

function operationsOf({ paths = {} }: ApiDocument): Listed[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Readonly<Record<string, unknown>>)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({ ...(operation as Operation), method, path })),
  );
}
