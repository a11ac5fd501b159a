/** In the header of what it reads again. */
import type { ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import { useTexts } from "../texts/texts.tsx";

export interface RefreshButtonProps {
  readonly isReading: boolean;
  readonly refresh: () => void;
}

export function RefreshButton({ isReading, refresh }: RefreshButtonProps): ReactNode {
  const { refresh: label } = useTexts();
  return <Button iconName="refresh" loading={isReading} ariaLabel={label} onClick={refresh} />;
}
