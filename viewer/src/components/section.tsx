import type { ComponentChildren } from 'preact';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A part of a page that its navigation can jump to. */
export function Section({ id, title, children }: SectionProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </section>
  );
}

interface CardProps {
  readonly title?: string;
  /** One sentence: what it shows, and how it was made. */
  readonly note?: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

export function Card({ title, note, wide = false, children }: CardProps) {
  return (
    <div class={wide ? 'card wide' : 'card'}>
      {title !== undefined && <h3>{title}</h3>}
      {note !== undefined && <p class="note">{note}</p>}
      {children}
    </div>
  );
}

/** One number with its name. */
export function Stat({
  name,
  value,
  more,
}: {
  readonly name: string;
  readonly value: string;
  readonly more?: string;
}) {
  return (
    <div class="stat">
      <div class="name">{name}</div>
      <div class="value">{value}</div>
      {more !== undefined && <div class="more">{more}</div>}
    </div>
  );
}

/** What the colours of a drawing mean. */
export function Legend({
  entries,
}: {
  readonly entries: readonly (readonly [color: string, meaning: string])[];
}) {
  return (
    <ul class="legend">
      {entries.map(([color, meaning]) => (
        <li key={color}>
          <span class="swatch" style={{ background: `var(--${color})` }} />
          {meaning}
        </li>
      ))}
    </ul>
  );
}
