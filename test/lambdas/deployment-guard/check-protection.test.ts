import { describe, expect, it } from "@jest/globals";
import { type CheckParts, checkProtection } from "../../../lambdas/deployment-guard/check-protection.ts";

const parts = (more: Partial<CheckParts> = {}): CheckParts => ({
  tables: ["Transactions", "Merchants"],
  stackLife: async () => ({ status: "UPDATE_COMPLETE", isProtected: true }),
  isTableProtected: async () => true,
  ...more,
});

describe("the look at the protection", () => {
  it("ends well while tables and stack are protected", async () => {
    await expect(checkProtection(parts())).resolves.toBeUndefined();
  });

  it("fails with all that is off", async () => {
    const off = parts({
      stackLife: async () => ({ status: "CREATE_COMPLETE", isProtected: false }),
      isTableProtected: async (table) => (table === "Merchants" ? false : undefined),
    });
    await expect(checkProtection(off)).rejects.toMatchObject({
      code: "PROTECTION_OFF",
      message:
        "deletion protection of Transactions, deletion protection of Merchants, termination protection of the stack: " +
        "expected on, got off. Run npm run deploy, which turns both on.",
    });
  });

  it("fails for the stack alone", async () => {
    const off = parts({ stackLife: async () => ({ status: "UPDATE_ROLLBACK_COMPLETE", isProtected: false }) });
    await expect(checkProtection(off)).rejects.toThrow(/^termination protection of the stack: expected on/);
  });

  it("says nothing while a deployment is under way, which turns it off and on", async () => {
    const deploying = parts({ stackLife: async () => ({ status: "UPDATE_IN_PROGRESS", isProtected: false }) });
    await expect(checkProtection(deploying)).resolves.toBeUndefined();
  });
});
