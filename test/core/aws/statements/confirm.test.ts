import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { confirmStatement } from "../../../../core/aws/statements/confirm.ts";
import { CONFIRMABLE } from "../../../../core/aws/statements/conditions.ts";
import { number, text, Update } from "../../../../core/aws/statements/statement.ts";
import { statementJson } from "../../../../core/aws/statements/statement-json.ts";
import { writeAccepted } from "../../../../core/transaction/accepted.ts";
import { type Attempt, writeAttempts } from "../../../../core/transaction/attempt.ts";
import { isMerchantId } from "../../../../core/transaction/transaction.ts";
import { contentIn, transactionRow } from "../../../support/rows.ts";

const anyText = fc.string({ unit: "binary" });
const attempt = fc.record(
  { at: fc.nat(), durationMs: fc.nat(), outcome: anyText, status: fc.nat(), answer: anyText, error: anyText },
  { requiredKeys: ["at", "durationMs", "outcome"] },
) as fc.Arbitrary<Attempt>;

const DAY_SECONDS = 86_400;

it("the record of a 2xx is, as text, what the same clauses make as an object", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("Transactions", "Other-Table.1"),
      anyText,
      anyText.filter(isMerchantId),
      fc.integer({ min: 1 }),
      fc.array(attempt, { maxLength: 3 }),
      fc.constantFrom(1, 2),
      (table, transactionId, merchantId, version, attempts, payloadVersion) => {
        const now = 1_795_334_400_123;
        const progress = { attemptCount: attempts.length, attempts, giveUpAt: 1 };
        const content = contentIn(transactionRow({ merchantId: text(merchantId) }));
        const delivered = payloadVersion === 1 ? content : { ...content, payloadVersion };
        const target = { transactionId, version, release: 0 };
        const statement = confirmStatement(table, target, progress, delivered, now, 7);
        const reference = new Update(table)
          .set("confirmationState", text("CONFIRMED"))
          .set("stateVersion", number(version))
          .set("attemptCount", number(attempts.length))
          .set("attempts", writeAttempts(attempts))
          .set("accepted", writeAccepted(version, delivered))
          .set("settledAt", number(now))
          .set("purgeAt", number(1_795_334_400 + 7 * DAY_SECONDS))
          .remove("unheardReleases", "waitingFor", "dueKey", "dueAt", "giveUpAt", "nextTryAt", "failure")
          .where("version=?", number(version))
          .where(CONFIRMABLE, number(version))
          .where("merchantId=?", text(merchantId))
          .where("outcome=?", text("APPROVED"))
          .where("amount=?", text("12.50"))
          .where("currency=?", text("EUR"))
          .where("occurredAt=?", text("2026-11-22T10:00:00Z"))
          .build(transactionId);
        expect(statementJson(statement)).toBe(statementJson(reference));
        expect({ ...reference }).toEqual({
          transactionId: statement.transactionId,
          text: statement.text,
          parameters: statement.parameters,
        });
      },
    ),
  );
});
