/** Which API a command is for: that of the stack on this machine, or of a profile. */
import type { CommonOptions } from "../frame/leaf.ts";
import type { Surroundings } from "../frame/surroundings.ts";
import { localPlace } from "./local-place.ts";
import type { ApiPlace } from "./place.ts";
import { profilePlace } from "./profile-place.ts";

const LOCAL_STATE = ".local";

/** What is named goes before variables. @throws CommandFailure for one that is not there */
export async function apiPlace(options: CommonOptions, around: Surroundings): Promise<ApiPlace> {
  const { environment } = around;
  const isNamed = options.profile !== undefined || options.state !== undefined;
  // An empty variable is none.
  const profile = isNamed ? options.profile : environment["CONFIRMATIONS_PROFILE"] || undefined;
  if (profile !== undefined) return profilePlace(profile, around);
  return localPlace(options.state ?? (environment["CONFIRMATIONS_STATE"] || LOCAL_STATE), around);
}
