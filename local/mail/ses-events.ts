/**
 * Events as SES publishes them to SNS of a configuration set (SES Developer Guide, "Examples of event data that Amazon
 * SES publishes to Amazon SNS"), with all members that are said of a mail of the kind that is sent here.
 */
import { ACCOUNT_ID, arnOf } from "../machine.ts";

export interface SentMail {
  readonly messageId: string;
  /** `FromEmailAddress`. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** `delivery`, `bounce`, …: as destinations of events in templates name them. */
export type SesEventType = "delivery" | "bounce" | "complaint";

export interface Bounce {
  readonly bounceType: "Permanent" | "Transient";
  readonly bounceSubType: string;
  /** RFC 3463. */
  readonly status: string;
  readonly diagnosticCode: string;
}

const REPORTING = "localhost.amazonses.com";

export function deliveryEvent(mail: SentMail, now: number, smtpResponse: string): object {
  return {
    eventType: "Delivery",
    mail: mailOf(mail),
    delivery: {
      timestamp: timeOf(now),
      processingTimeMillis: now - mail.at,
      recipients: mail.to,
      smtpResponse,
      reportingMTA: REPORTING,
    },
  };
}

export function bounceEvent(mail: SentMail, now: number, bounce: Bounce): object {
  const { bounceType, bounceSubType, status, diagnosticCode } = bounce;
  return {
    eventType: "Bounce",
    bounce: {
      bounceType,
      bounceSubType,
      bouncedRecipients: mail.to.map((emailAddress) => ({ emailAddress, action: "failed", status, diagnosticCode })),
      timestamp: timeOf(now),
      feedbackId: mail.messageId,
      reportingMTA: `dns; ${REPORTING}`,
    },
    mail: mailOf(mail),
  };
}

export function complaintEvent(mail: SentMail, now: number): object {
  return {
    eventType: "Complaint",
    complaint: {
      complainedRecipients: mail.to.map((emailAddress) => ({ emailAddress })),
      timestamp: timeOf(now),
      feedbackId: mail.messageId,
      userAgent: "Amazon SES Mailbox Simulator",
      complaintFeedbackType: "abuse",
      arrivalDate: timeOf(now),
    },
    mail: mailOf(mail),
  };
}

function mailOf({ messageId, from, to, subject, tags, configurationSet, at }: SentMail): object {
  const domain = /@([^\s@>]+)>?$/.exec(from)?.[1] ?? "";
  return {
    timestamp: timeOf(at),
    source: from,
    sourceArn: arnOf("ses", `identity/${domain}`),
    sendingAccountId: ACCOUNT_ID,
    messageId,
    destination: to,
    headersTruncated: false,
    headers: [
      { name: "From", value: from },
      { name: "To", value: to.join(", ") },
      { name: "Subject", value: subject },
    ],
    commonHeaders: { from: [from], to, messageId, subject },
    tags: {
      "ses:operation": ["SendEmail"],
      "ses:configuration-set": [configurationSet],
      "ses:source-ip": ["127.0.0.1"],
      "ses:from-domain": [domain],
      "ses:caller-identity": ["local"],
      ...Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])),
    },
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
