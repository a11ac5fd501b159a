/**
 * Scopes of access tokens (RFC 6749, 3.3). A token of an issuer has them in its claim `scope` or `scp`; the authorizer
 * takes the issuer's prefix away.
 */
export const SCOPES = {
  "transactions:read": "Look transactions up, list them, see their attempts, listen to merchants of the sandbox",
  "transactions:write": "Submit transactions and change their outcome",
  "imports:write": "Import files of transactions",
  "transactions:acknowledge": "Acknowledge transactions that their merchants answered with 202",
  "merchants:read": "Look merchants up, list them, see their health",
  "merchants:write": "Register merchants, change, pause, disable and delete them, send test events",
  "merchants:secrets": "Reveal, import and rotate the secrets of merchants",
  "templates:read": "Look templates up, list them, see what they come to",
  "templates:write": "Put and delete templates",
  "redeliveries:write": "Send again what was delivered or given up",
  "operations:write": "Pause and resume everything, publish snapshots for consumers of events, erase, restore",
  "audit:read": "Read the audit log and manifests",
} as const;

export type Scope = keyof typeof SCOPES;
