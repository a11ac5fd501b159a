import { expect, it } from "@jest/globals";
import type { Call } from "../../../core/delivery/attempt.ts";
import { withoutSecretHeaders, withoutSecrets } from "../../../core/delivery/hidden-secrets.ts";

const call = {
  headerLines: "x-plain: shown\r\nx-key: hunter22\r\nx-short: ab\r\nauthorization: Bearer abc.def.ghi\r\n",
  secretNames: ["x-key", "x-short", "authorization"],
} as Partial<Call> as Call;

it("shows the names of secret headers, and of none what is in it", () => {
  const headers = { "x-plain": "shown", "x-key": "hunter22", "x-short": "ab", authorization: "Bearer abc.def.ghi" };
  expect(withoutSecretHeaders(headers, call)).toEqual({
    "x-plain": "shown",
    "x-key": "[secret]",
    "x-short": "[secret]",
    authorization: "[secret]",
  });
});

it("keeps nothing secret of a response that says all that it was sent", () => {
  const answer = '{"x-plain":"shown","x-key":"hunter22","token":"abc.def.ghi","all":"Bearer abc.def.ghi"}';
  expect(withoutSecrets({ kind: "delivered", status: 200, answer }, call)).toEqual({
    kind: "delivered",
    status: 200,
    answer: '{"x-plain":"shown","x-key":"[secret]","token":"[secret]","all":"[secret]"}',
  });
});

it("leaves everything as it is of a call without secrets", () => {
  const outcome = { kind: "delivered", status: 200, answer: "hunter22" } as const;
  expect(withoutSecrets(outcome, { headerLines: "x-key: hunter22\r\n" } as Partial<Call> as Call)).toEqual(outcome);
});
