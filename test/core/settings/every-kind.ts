/** Settings of a stack with every kind of channel. */
export const EVERY_KIND = {
  kinds: ["email", "sms", "whatsapp", "sqs", "sns", "eventbridge"],
  emailFrom: "Acme <confirmations@mail.acme.example>",
  emailIdentityArns: ["arn:aws:ses:eu-west-1:123456789012:identity/acme.example"],
  sms: {
    countries: ["MX", "ES"],
    originationIdentity: "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1",
    maximumMonthlyUsd: 100,
  },
  whatsapp: { phoneNumberId: `phone-number-id-${"0".repeat(32)}` },
  queueArns: ["arn:aws:sqs:eu-west-1:123456789012:orders.fifo"],
  topicArns: ["arn:aws:sns:eu-west-1:123456789012:orders"],
  eventBusArns: ["arn:aws:events:eu-west-1:123456789012:event-bus/orders"],
} as const;
