/** Exit codes, for scripts: documented, and the same for every command. */
export const EXIT_CODES = {
  done: { code: 0, says: "done" },
  refused: { code: 1, says: "refused or failed; with `watch`, a transaction that was given up" },
  wrongLine: { code: 2, says: "the command line is wrong" },
  notFound: { code: 3, says: "there is no such thing, or none that the access token may see" },
  noAccess: { code: 4, says: "no access token, one that does not hold, or one without the scope" },
  unreachable: { code: 5, says: "the API or the issuer of access tokens cannot be reached" },
} as const;

export type ExitReason = keyof typeof EXIT_CODES;
