import { describe, expect, it } from "@jest/globals";
import { decideDeletion } from "../../../lambdas/deployment-guard/decide-deletion.ts";

const deleted = { isProtecting: true, before: undefined };

describe("when CloudFormation deletes what protects the tables", () => {
  it.each(["ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED", "CREATE_IN_PROGRESS"])(
    "they are unprotected in the rollback of a first creation: %s",
    (status) => {
      expect(decideDeletion({ ...deleted, status })).toBe("unprotect");
    },
  );

  it.each(["CREATE_FAILED", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"])(
    "they are unprotected in the deletion of a stack that never ran: %s",
    (before) => {
      expect(decideDeletion({ ...deleted, status: "DELETE_IN_PROGRESS", before })).toBe("unprotect");
    },
  );

  it.each(["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED", undefined])(
    "a deletion of a stack that ran, or of which nothing is known, is refused, each time: %s",
    (before) => {
      expect(decideDeletion({ ...deleted, status: "DELETE_IN_PROGRESS", before })).toBe("refuse");
    },
  );

  it.each(["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_IN_PROGRESS"])(
    "they stay as they are when it alone goes: %s",
    (status) => {
      expect(decideDeletion({ ...deleted, status, before: status })).toBe("keep");
    },
  );

  it("they are unprotected with a disposable stack, whatever it was", () => {
    const disposable = { isProtecting: false, status: "DELETE_IN_PROGRESS", before: "CREATE_COMPLETE" };
    expect(decideDeletion(disposable)).toBe("unprotect");
  });

  it("a state that is not known is no reason to let them go", () => {
    expect(decideDeletion({ ...deleted, status: "" })).toBe("refuse");
  });
});
