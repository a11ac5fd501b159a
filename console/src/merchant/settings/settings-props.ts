import type { Merchant } from "../merchant-reads.ts";

export interface SettingsProps {
  readonly merchant: Merchant;
  /** The merchant is another one now: it is to be read anew. */
  readonly onChanged: () => void;
}

export interface ChangeProps extends SettingsProps {
  readonly onClose: () => void;
}
