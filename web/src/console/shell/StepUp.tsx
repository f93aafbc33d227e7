// Waits until an act wants the person to show once more that it is she, and opens the dialog for it.
import { whenStepUpNeeded } from '@lib/api';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';

const StepUpDialog = lazy(() => import('./StepUpDialog').then((module) => ({ default: module.StepUpDialog })));

/** Nothing until it is asked for. */
export function StepUp() {
  const [asked, setAsked] = useState(false);
  const answer = useRef<(done: boolean) => void>(undefined);
  useEffect(
    () =>
      whenStepUpNeeded(
        () =>
          new Promise<boolean>((resolve) => {
            answer.current = resolve;
            setAsked(true);
          }),
      ),
    [],
  );
  const end = (done: boolean) => {
    setAsked(false);
    answer.current?.(done);
  };
  return asked ? (
    <Suspense>
      <StepUpDialog onEnd={end} />
    </Suspense>
  ) : null;
}
