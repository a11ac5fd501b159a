/**
 * Refusals of what a schema alone takes: rules between members, of business, or of the table, that JSON Schema cannot
 * say. Each has its place here; any other refusal of what the document calls valid is a fault.
 */
interface NamedRule {
  readonly code: string;
  /** @default any */
  readonly pointer?: RegExp;
  readonly detail: RegExp;
}

export const NAMED_RULES: readonly NamedRule[] = [
  // Of ids: bytes where JSON Schema counts characters.
  { code: "API_BODY_INVALID", detail: /^expected 1 to 1024 bytes of well-formed Unicode$/ },
  { code: "API_PARAMETER_INVALID", detail: /^expected 1 to 1024 bytes of well-formed Unicode$/ },
  { code: "API_BODY_INVALID", detail: /^expected (a text|a name of) ?(of)? ?well-formed Unicode$/ },
  { code: "API_BODY_INVALID", detail: /^expected well-formed Unicode$/ },
  { code: "API_BODY_INVALID", detail: /^expected a day that there is$/ },
  { code: "API_BODY_INVALID", detail: /^got the name "__proto__", expected another$/ },
  { code: "API_BODY_INVALID", detail: /^expected a name of 1 to 65535 bytes$/ },
  { code: "API_BODY_INVALID", detail: /^expected at most 30 levels$/ },
  { code: "API_BODY_INVALID", detail: /^got a number that the table cannot hold/ },
  { code: "API_BODY_INVALID", detail: /^got none, expected an id, or a header Idempotency-Key to make one of$/ },
  { code: "API_BODY_INVALID", detail: /^expected the id of another transaction, beside an orderingKey$/ },
  { code: "API_BODY_INVALID", detail: /^merchantId: got .* expected a registered merchant\.$/s },
  { code: "API_BODY_INVALID", detail: /^got .*, which is over; expected a time to come$/ },
  // Of addresses that may be called: their form, their scheme, port and network.
  {
    code: "API_BODY_INVALID",
    pointer: /^\/(?:confirmationUrl|mirror\/url|url|tokenUrl)$/,
    detail: /^(?:confirmationUrl: )?(?:got|expected) /,
  },
  // Of a reason that is kept for good: what may be a person's.
  { code: "API_BODY_INVALID", pointer: /^\/reason$/, detail: /^got a control character, or what looks like / },
  // Of a merchant's own headers: letters of either case are the same name, and how long all of them are together.
  { code: "API_BODY_INVALID", pointer: /^\/headers\/./, detail: /^got it more than once/ },
  { code: "API_BODY_INVALID", pointer: /^\/headers$/, detail: /^got (?:more than )?\d+ (?:headers|bytes)/ },
  // Of certificates and keys, which no schema describes.
  {
    code: "API_BODY_INVALID",
    pointer: /^\/(?:certificate|privateKey)$/,
    detail: /^(?:got|expected|the certificate|certificate \d) /,
  },
  { code: "API_BODY_INVALID", pointer: /^\/secret$/, detail: /^A secret must be whsec_ and base64 of 24 to 64 bytes/ },
  // The bound is a setting.
  {
    code: "API_BODY_INVALID",
    pointer: /^\/acknowledgement\/withinSeconds$/,
    detail: /^got \d+, expected at most \d+ \(delivery\.maxAcknowledgeWithinSeconds\)$/,
  },
  // Of templates: which members there are follows from the kind, and what is in them has a grammar of its own.
  {
    code: "API_BODY_INVALID",
    pointer: /^(?:\/draft)?\/(?:subject|text|html|parameters)(?:\/\d+)?$/,
    detail: /./,
  },
  { code: "API_PARAMETER_INVALID", detail: /^expected a language such as / },
  // Of channels: addresses, rules between members and between channels, and what the settings have.
  { code: "API_BODY_INVALID", pointer: /^\/channels\//, detail: /^(?:got|expected) / },
  { code: "API_BODY_INVALID", pointer: /^\/plan$/, detail: /^expected channels beside it$/ },
  {
    code: "API_BODY_INVALID",
    pointer: /^\/(?:amount|currency|outcome)$/,
    detail: /^got (?:none|one beside a transactionId), /,
  },
  { code: "API_BODY_INVALID", pointer: /^\/transactionId$/, detail: /^got one that cannot be read: /s },
  { code: "API_BODY_INVALID", pointer: /^\/merchantId$/, detail: /^got an id .*, expected one of yours$/s },
  // Of a switch of a merchant's mode: the time of one mode, and one that is far enough ahead.
  { code: "API_BODY_INVALID", pointer: /^\/live(?:From|Until)$/, detail: /^got (?:one with mode|a time nearer than) / },
  { code: "API_BODY_INVALID", pointer: /^\/mirror$/, detail: /^got none beside the mode mirror, / },
  { code: "API_BODY_INVALID", pointer: /^\/confirmedAt$/, detail: /^expected a time that is not to come$/ },
  // Of the filter of a redelivery.
  { code: "API_BODY_INVALID", pointer: /^\/filter\//, detail: /^got (?:one\b|none\b|a time that is not before `to`$)/ },
  // Of an export: whose it is may follow from the token, and its end from the time.
  { code: "API_BODY_INVALID", pointer: /^\/merchantId$/, detail: /^got none, expected the id of a merchant$/ },
  { code: "API_BODY_INVALID", pointer: /^\/from$/, detail: /^got (?:a time that is not before|more than \d+ days)/ },
  // Of a restore: a table that was restored, and times that go together.
  { code: "API_BODY_INVALID", pointer: /^\/fromTable$/, detail: /^got (?:another name|the name of no|a table) / },
  { code: "API_BODY_INVALID", pointer: /^\/(?:restoredTo|damagedAt)$/, detail: /^got (?:none|a time) / },
  { code: "API_BODY_INVALID", pointer: /^\/(?:reason|fileName)$/, detail: /^expected words of well-formed Unicode$/ },
  { code: "API_PARAMETER_INVALID", detail: /^expected the id of a merchant$/ },
  { code: "API_PARAMETER_INVALID", detail: /^got one without state=FAILED; only what failed has a reason$/ },
  { code: "API_PARAMETER_INVALID", detail: /^got a time that is not before `to`$/ },
  { code: "API_PARAMETER_INVALID", detail: /^expected a time from .* on: counts are kept for \d+ days$/ },
  { code: "API_PARAMETER_INVALID", detail: /^expected a time between the years 0 and 9999$/ },
  { code: "API_PARAMETER_INVALID", detail: /^got more than \d+ days; ask for less at once$/ },
];

/** Operations that answer each entry of a body by itself, whatever is wrong with the others. */
export const ANSWERS_EACH: ReadonlySet<string> = new Set(["submitTransactions"]);
