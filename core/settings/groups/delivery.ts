/** What calls merchants, the bounds of one call, and which destinations it may reach. */
import { z } from "zod";
import {
  DESTINATION_FORM,
  isServerAddress,
  parseListedDestination,
  SERVER_FORM,
} from "../../merchant/destination-list.ts";
import { MAX_ACKNOWLEDGE_SECONDS } from "../../merchant/acknowledgement.ts";
import { TRANSPORTS } from "../../http/transport.ts";
import { settingTexts, wholeNumber } from "../setting.ts";

const ONE_CALL = { "limits.md#one-call": "limits of one call" };
const ACKNOWLEDGEMENTS = { "using/acknowledgements.md": "acknowledgements" };
const TRANSPORT = { "limits.md#transports": "transports" };
const DEFENDED = { "../SECURITY.md#what-is-defended": "what is defended" };

const destinations = z.array(
  z.string().refine((entry) => parseListedDestination(entry) !== undefined, { error: DESTINATION_FORM }),
);

/** `fargate`: the standard mode. `lambda`: small-account mode. */
export const DELIVERY_MODES = ["fargate", "lambda"] as const;
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

const isProxyUrl = (text: string): boolean => /^https?:\/\/[^/?#@\s]+\/?$/.test(text) && URL.canParse(text);

/** Rules of a network ACL are few: 20 each way, unless AWS has raised it. */
const MAX_PORTS = 8;

export const deliverySettings = z.strictObject({
  mode: z
    .enum(DELIVERY_MODES)
    .default("fargate")
    .register(settingTexts, {
      description:
        "What calls merchants. `fargate`: tasks that always run, behind fixed addresses. `lambda`, small-account " +
        "mode: a function that costs nothing while nothing is owed, and has no fixed addresses. " +
        '`{"delivery":"lambda"}` is short for `{"delivery":{"mode":"lambda"}}`.',
      see: { "operating/small-account.md": "small-account mode" },
    }),
  deadlineMs: wholeNumber(50, 60_000).default(10_000).register(settingTexts, {
    description: "One deadline over name, connection, TLS, headers and body of an attempt.",
    unit: "milliseconds",
    see: ONE_CALL,
  }),
  maxBodyBytes: wholeNumber(1024, 400_000).default(262_144).register(settingTexts, {
    description: "Largest body of a webhook. A transaction with a larger one fails with `body_too_large`.",
    unit: "bytes",
    see: ONE_CALL,
  }),
  resendOnClosedConnection: z
    .boolean()
    .default(true)
    .register(settingTexts, {
      description:
        "Whether a request is sent once more, on a fresh connection, when its reused one closes before anything " +
        "of a response arrives. It keeps its `webhook-id`. One call in ten of a merchant is sent again at most.",
      see: ONE_CALL,
    }),
  acknowledgeWithinSeconds: wholeNumber(1, MAX_ACKNOWLEDGE_SECONDS).default(300).register(settingTexts, {
    description: "Time that a merchant has to acknowledge what it answered with 202, where it asks for no other.",
    unit: "seconds",
    see: ACKNOWLEDGEMENTS,
  }),
  maxAcknowledgeWithinSeconds: wholeNumber(1, MAX_ACKNOWLEDGE_SECONDS)
    .default(86_400)
    .register(settingTexts, {
      description:
        "Longest time that a merchant may ask for. Whatever has an `orderingKey` holds its group for as long, in " +
        "each of its attempts.",
      unit: "seconds",
      byDefault: "86400, a day",
      see: ACKNOWLEDGEMENTS,
    }),
  acknowledgementConcurrency: wholeNumber(0, 1000)
    .default(0)
    .register(settingTexts, {
      description:
        "Executions that `receive-acknowledgements` has for itself and may not exceed. Reserved for it they are " +
        "missing elsewhere in the account; without a share of its own it may use up the others'.",
      unit: "executions, 0 for none of its own",
      see: ACKNOWLEDGEMENTS,
    }),
  allowPorts: z
    .array(wholeNumber(1, 65_535))
    .max(MAX_PORTS)
    .default([])
    .register(settingTexts, {
      description:
        "Ports of merchants' URLs beside 443. A URL with another one is refused with `url_port_not_allowed`, and the " +
        "network lets no call to it out. What `delivery.allowDestinations` lists needs no entry here.",
      range: `a list of at most ${MAX_PORTS} ports`,
      see: DEFENDED,
    }),
  allowDestinations: destinations.default([]).register(settingTexts, {
    description:
      "Destinations, `address:port` or `address:from-to`, that may be called although their address is not " +
      "public, over plain HTTP too. For merchants on this machine. Nothing else turns the SSRF guard off.",
    range: "a list",
    see: DEFENDED,
  }),
  refuseDestinations: destinations.default([]).register(settingTexts, {
    description:
      "Destinations of the same form that are never called, whatever is allowed: services of your own that " +
      "merchants must not reach through the pipeline. On one machine the stack's own services are always refused.",
    range: "a list",
    see: DEFENDED,
  }),
  nameServers: z
    .array(z.string().refine((entry) => isServerAddress(entry), { error: SERVER_FORM }))
    .max(8)
    .default([])
    .register(settingTexts, {
      description:
        "Name servers, `address:port`, that resolve merchants' names; the first that responds counts. For " +
        "networks whose resolver has an address of its own, and for tests.",
      range: "a list of at most 8",
      byDefault: "none: those of the machine, in a VPC Amazon's",
      see: ONE_CALL,
    }),
  transport: z
    .enum(TRANSPORTS)
    .default("http1")
    .register(settingTexts, {
      description:
        "What carries calls to merchants. `http1`: HTTP/1.1 by the pipeline's own client, which costs least. " +
        "`undici`: HTTP/2 where the merchant offers it. Merchants with a client certificate, or with `httpVersion` " +
        "2, are called by `undici` either way.",
      see: TRANSPORT,
    }),
  proxyUrl: z
    .string()
    .refine(isProxyUrl, {
      error: "expected the proxy's URL, http or https with host and port and nothing else; it admits us by our address",
    })
    .optional()
    .register(settingTexts, {
      description:
        "Egress proxy of your own, through which all calls to merchants go, by `undici`. It is asked with `CONNECT` " +
        "for addresses that were checked, never for names. The network lets it out to the proxy's address, or " +
        "to its port where the URL has a name.",
      range: "a URL such as `http://10.0.9.8:3128`",
      byDefault: "none: merchants are called directly",
      see: TRANSPORT,
    }),
});
