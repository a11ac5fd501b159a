/** The console: a web app for people, as files behind CloudFront, which has the API at the same address. */
import { z } from "zod";
import { settingTexts } from "../setting.ts";

const CONSOLE = { "operating/console.md": "console" };
const MOST_ORIGINS = 10;

const originUrl = z
  .string()
  .refine((text) => URL.parse(text)?.origin === text && text.startsWith("https://"), "expected https:// and a host");

export const consoleSettings = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .register(settingTexts, {
        description:
          "Whether the stack has the console. With `api.cognito` the stack makes its client as well; with " +
          "`api.issuer` name one, which is enough.",
        see: CONSOLE,
      }),
    clientId: z
      .string()
      .trim()
      .min(1, "expected the id of a client at the issuer")
      .optional()
      .register(settingTexts, {
        description:
          "The console's client at the issuer: a public one, without a secret, with the authorization code flow and " +
          "PKCE. With it the stack has the console.",
        range: "a text",
        byDefault: "none; with `console.enabled` and `api.cognito`, one that the stack makes",
        see: CONSOLE,
      }),
    connectTo: z
      .array(originUrl)
      .max(MOST_ORIGINS)
      .default([])
      .register(settingTexts, {
        description:
          "What else a browser asks to sign in: the origin of the issuer's token endpoint, where that is not the " +
          "issuer's own. The console's policy lets it ask nobody else.",
        range: "a list of origins, such as `https://oauth.login.example`",
        see: CONSOLE,
      }),
    domainName: z.string().trim().min(1).optional().register(settingTexts, {
      description:
        "Name of the console, which leads to the distribution by a record of yours. Goes with the certificate.",
      range: "a name of a host",
      byDefault: "none: the distribution's own name",
      see: CONSOLE,
    }),
    certificateArn: z
      .string()
      .regex(
        /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
        "expected the ARN of a certificate in us-east-1",
      )
      .optional()
      .register(settingTexts, {
        description:
          "Certificate of `console.domainName`, in us-east-1, as CloudFront wants it. It sets TLS 1.2 as the least.",
        range: "an ARN of ACM",
        byDefault: "none: CloudFront's own, which takes TLS 1.0 too",
        see: CONSOLE,
      }),
  })
  .refine(({ domainName, certificateArn }) => (domainName === undefined) === (certificateArn === undefined), {
    path: ["certificateArn"],
    error: "expected console.domainName and console.certificateArn together, or neither",
  });

type GivenConsole = z.infer<typeof consoleSettings>;

/** Whether a stack that has the API has the console too. */
export function hasConsole({ console: { enabled, clientId } }: { readonly console: GivenConsole }): boolean {
  return enabled || clientId !== undefined;
}
