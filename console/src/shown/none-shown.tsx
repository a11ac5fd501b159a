/** What a table without rows says: that there are none only where nothing is left to look through. */
import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import { useTexts } from "../texts/texts.tsx";

export function NoneShown({ hasMore }: { readonly hasMore: boolean }): ReactNode {
  const texts = useTexts();
  return <Box textAlign="center">{hasMore ? texts.noneSoFar : texts.jobs.none}</Box>;
}
