/**
 * What a merchant's connection needs that is secret: client certificate, OAuth2 client, secret headers. Secrets are
 * read from a file or standard input: other users see a command line.
 */
import { type Command, Option } from "@commander-js/extra-typings";
import { AUTH_METHODS } from "../../../../core/merchant/connection/sealed-connection.ts";
import { wrongLine } from "../../frame/command-failure.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run } from "../../frame/session.ts";
import { fileText, oneOf } from "../../frame/values.ts";
import { connectionText } from "../../show/merchant-text.ts";
import { headersFrom } from "./header-lines.ts";

const OF_MERCHANT = ["<merchantId>", "of the merchant", merchantIdFrom] as const;

export function connectionCommands(merchants: Command, run: Run): void {
  certificateCommands(merchants, run);
  oauth2Commands(merchants, run);
  secretHeaderCommands(merchants, run);
}

function certificateCommands(merchants: Command, run: Run): void {
  const certificate = merchants
    .command("client-certificate")
    .description("Sets the client certificate that a merchant is called with, for mutual TLS, or takes it away");
  leaf(certificate, "set", "Has a merchant called with a client certificate")
    .argument(...OF_MERCHANT)
    .option("--certificate <file>", "PEM: the certificate, then those that vouch for it")
    .option("--key <file>", "PEM without a passphrase; - reads standard input")
    .addHelpText("after", examples("merchants client-certificate set acme --certificate us.pem --key us.key"))
    .action(
      run(async (session, merchantId, { certificate: file, key }) => {
        if (file === undefined || key === undefined) throw wrongLine("Expected --certificate and --key");
        const body = {
          certificate: await fileText(file, session.around),
          privateKey: await fileText(key, session.around),
        };
        const view = await session.ask((client) =>
          client.PUT("/v1/merchants/{merchantId}/client-certificate", { params: { path: { merchantId } }, body }),
        );
        session.output.show(view, () => connectionText(view));
      }),
    );
  leaf(certificate, "remove", "Has a merchant called without a client certificate")
    .argument(...OF_MERCHANT)
    .addHelpText("after", examples("merchants client-certificate remove acme"))
    .action(
      run(async (session, merchantId) => {
        const view = await session.ask((client) =>
          client.DELETE("/v1/merchants/{merchantId}/client-certificate", { params: { path: { merchantId } } }),
        );
        session.output.show(view, () => connectionText(view));
      }),
    );
}

function oauth2Commands(merchants: Command, run: Run): void {
  const oauth2 = merchants
    .command("oauth2")
    .description("Has a merchant called with a token of its token server (OAuth2 client credentials), or without");
  leaf(oauth2, "set", "Has a merchant called with a token of its token server")
    .argument(...OF_MERCHANT)
    .option("--token-url <url>", "where tokens are had")
    .option("--client-id <id>", "as whom")
    .option("--secret-file <file>", "holds the client secret; - reads standard input (-)")
    .option("--scope <scopes>", "what is asked for, with one space between scopes")
    .option("--audience <audience>", "whom the token is for, where its server wants to know")
    .addOption(
      new Option("--auth-method <method>", `how the secret is sent: ${AUTH_METHODS.join(" or ")}`).argParser(
        oneOf("--auth-method", AUTH_METHODS),
      ),
    )
    .addHelpText(
      "after",
      examples("merchants oauth2 set acme --token-url https://login.acme.example/token --client-id us < secret"),
    )
    .action(
      run(async (session, merchantId, { tokenUrl, clientId, secretFile = "-", scope, audience, authMethod }) => {
        if (tokenUrl === undefined || clientId === undefined) throw wrongLine("Expected --token-url and --client-id");
        const clientSecret = (await fileText(secretFile, session.around)).trim();
        if (clientSecret === "") throw wrongLine("The file is empty; expected the client secret in it");
        const body = {
          tokenUrl,
          clientId,
          clientSecret,
          ...(scope !== undefined && { scope }),
          ...(audience !== undefined && { audience }),
          ...(authMethod !== undefined && { authMethod }),
        };
        const view = await session.ask((client) =>
          client.PUT("/v1/merchants/{merchantId}/oauth2", { params: { path: { merchantId } }, body }),
        );
        session.output.show(view, () => connectionText(view));
      }),
    );
  leaf(oauth2, "remove", "Has a merchant called without a token")
    .argument(...OF_MERCHANT)
    .addHelpText("after", examples("merchants oauth2 remove acme"))
    .action(
      run(async (session, merchantId) => {
        const view = await session.ask((client) =>
          client.DELETE("/v1/merchants/{merchantId}/oauth2", { params: { path: { merchantId } } }),
        );
        session.output.show(view, () => connectionText(view));
      }),
    );
}

function secretHeaderCommands(merchants: Command, run: Run): void {
  const headers = merchants
    .command("secret-headers")
    .description("Sets the headers of a merchant's webhooks that hold secrets, or takes them away");
  leaf(headers, "set", "Sets all headers of a merchant's webhooks that hold secrets, read from a file")
    .argument(...OF_MERCHANT)
    .option("--file <file>", "holds `name: value`, a line each; - reads standard input (-)")
    .addHelpText("after", examples("merchants secret-headers set acme --file acme-headers"))
    .action(
      run(async (session, merchantId, { file = "-" }) => {
        const lines = (await fileText(file, session.around)).split("\n").filter((line) => line.trim() !== "");
        if (lines.length === 0) throw wrongLine("The file is empty; expected `name: value` in it, a line each");
        const view = await session.ask((client) =>
          client.PUT("/v1/merchants/{merchantId}/secret-headers", {
            params: { path: { merchantId } },
            body: { headers: headersFrom(lines, "Line") },
          }),
        );
        session.output.show(view, () => connectionText(view));
      }),
    );
  leaf(headers, "remove", "Takes all secret headers of a merchant away")
    .argument(...OF_MERCHANT)
    .addHelpText("after", examples("merchants secret-headers remove acme"))
    .action(
      run(async (session, merchantId) => {
        const view = await session.ask((client) =>
          client.DELETE("/v1/merchants/{merchantId}/secret-headers", { params: { path: { merchantId } } }),
        );
        session.output.show(view, () => connectionText(view));
      }),
    );
}
