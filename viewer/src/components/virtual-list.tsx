/** A list of any length, of which only what is in sight is in the document. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface VirtualListProps {
  readonly label: string;
  readonly count: number;
  /** CSS pixels. */
  readonly rowHeight: number;
  readonly chosen: number;
  readonly choose: (n: number) => void;
  readonly row: (n: number) => ComponentChildren;
}

/** Rows above and below what is in sight. */
const SPARE = 6;

export function VirtualList({ label, count, rowHeight, chosen, choose, row }: VirtualListProps) {
  const place = useRef<HTMLUListElement>(null);
  const [sight, setSight] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = place.current!;
    const update = () => setSight({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(update);
    observer.observe(element);
    element.addEventListener('scroll', update);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', update);
    };
  }, []);
  useEffect(() => {
    const element = place.current!;
    const top = chosen * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
  }, [chosen, rowHeight]);
  const first = Math.max(0, Math.floor(sight.top / rowHeight) - SPARE);
  const last = Math.min(count, Math.ceil((sight.top + sight.height) / rowHeight) + SPARE);
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n);
  return (
    <ul class="list" ref={place} aria-label={label}>
      <li style={{ height: `${first * rowHeight}px` }} aria-hidden="true" />
      {shown.map((n) => (
        <li key={n} style={{ height: `${rowHeight}px` }} aria-posinset={n + 1} aria-setsize={count}>
          <button type="button" class="row" aria-current={n === chosen} onClick={() => choose(n)}>
            {row(n)}
          </button>
        </li>
      ))}
      <li style={{ height: `${(count - last) * rowHeight}px` }} aria-hidden="true" />
    </ul>
  );
}
