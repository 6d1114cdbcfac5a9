/** Cards that are worth waiting for: drawn when they come near, and one by one while the reader does nothing. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const waiting = new Set<() => void>();
let asked = false;

/** Draws the next card when the browser has time for it. */
function drawWhenIdle(): void {
  if (asked) return;
  asked = true;
  const idle = globalThis.requestIdleCallback ?? ((callback: () => void) => setTimeout(callback, 20));
  idle(() => {
    asked = false;
    const [next] = waiting;
    next?.();
    if (waiting.size > 0) drawWhenIdle();
  });
}

interface LazyProps {
  readonly wide?: boolean;
  /** One card. */
  readonly children: ComponentChildren;
}

export function Lazy({ wide = false, children }: LazyProps) {
  const [ready, setReady] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = () => {
      waiting.delete(show);
      observer.disconnect();
      setReady(true);
    };
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && show(),
      { rootMargin: '300px' },
    );
    observer.observe(place.current!);
    waiting.add(show);
    drawWhenIdle();
    return () => {
      waiting.delete(show);
      observer.disconnect();
    };
  }, []);
  if (ready) return <>{children}</>;
  return <div class={wide ? 'card wide waiting' : 'card waiting'} ref={place} />;
}
