/** Spans in lanes over time, on canvas: drag to look closer, double click to see all again; the same with keys. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { instant } from '../format.ts';
import { useTheme } from '../settings.ts';

/** Spans by columns: span n lies in `lane[n]` from `from[n]` to `to[n]` (ms) and changes its colour at `middle[n]`. */
export interface Spans {
  readonly lane: Uint32Array;
  readonly lanes: number;
  readonly from: Float64Array;
  /** NaN where the span has one part only. */
  readonly middle: Float64Array;
  readonly to: Float64Array;
  /** Index into `colors`: of the part before the middle; the part behind it has the next one. */
  readonly color: Uint8Array;
}

interface TimelineProps {
  readonly label: string;
  readonly spans: Spans;
  /** Names of colours in `style.css`. */
  readonly colors: readonly string[];
  /** All of it, ms. */
  readonly stretch: { readonly from: number; readonly to: number };
  /** What is said of the span under the pointer. */
  readonly describe: (n: number) => string;
  readonly hint: string;
  /** What is said where not all lanes have room. */
  readonly lanesNote: (shown: number, of: number) => string;
}

const AXIS = 22;
/** Lanes that can still be told apart. */
const MOST_LANES = 120;
/** A lane's height, CSS pixels. */
const [THICK, THIN] = [14, 3];

type View = readonly [from: number, to: number];

export function Timeline({ label, spans, colors, stretch, describe, hint, lanesNote }: TimelineProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const whole: View = [stretch.from, stretch.to];
  const [view, setView] = useState<View>(whole);
  const [drag, setDrag] = useState<View>();
  const [said, setSaid] = useState('');
  const every = Math.ceil(spans.lanes / MOST_LANES);
  const shown = Math.ceil(spans.lanes / every);
  const thickness = Math.max(THIN, Math.min(THICK, Math.floor(300 / shown)));
  const height = shown * thickness + AXIS;
  const byLane = useMemo(() => spansByLane(spans), [spans]);
  const shape = { every, thickness, height };

  useEffect(() => {
    const element = canvas.current!;
    const paint = () => draw(element, { spans, colors, view, drag, shape });
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    const frame = requestAnimationFrame(paint);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [spans, colors, view, drag, theme]);

  const at = ({ offsetX }: MouseEvent) => {
    const share = Math.max(0, Math.min(1, offsetX / canvas.current!.clientWidth));
    return view[0] + share * (view[1] - view[0]);
  };
  const point = (event: PointerEvent) => {
    const time = at(event);
    if (drag !== undefined) return setDrag([drag[0], time]);
    const lane = Math.floor(event.offsetY / thickness) * every;
    const found = byLane[lane]?.find((n) => spans.from[n]! <= time && time <= spans.to[n]!);
    setSaid(found === undefined ? '' : describe(found));
  };
  const drop = () => {
    if (drag !== undefined && Math.abs(drag[1] - drag[0]) > (view[1] - view[0]) / 200)
      setView([Math.min(...drag), Math.max(...drag)]);
    setDrag(undefined);
  };
  const key = (event: KeyboardEvent) => {
    const next = moved(view, event.key, whole);
    if (next === undefined) return;
    event.preventDefault();
    setView(next);
  };
  return (
    <div class="timeline">
      {every > 1 && <p class="note">{lanesNote(shown, spans.lanes)}</p>}
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`${label}. ${hint}`}
        style={{ height: `${height}px` }}
        onPointerDown={(event) => setDrag([at(event), at(event)])}
        onPointerMove={point}
        onPointerUp={drop}
        onPointerLeave={() => {
          setDrag(undefined);
          setSaid('');
        }}
        onDblClick={() => setView(whole)}
        onKeyDown={key}
      />
      <p class="note said" aria-live="off">
        {said === '' ? hint : said}
      </p>
    </div>
  );
}

/** What a key makes of the view; undefined for other keys. */
function moved([from, to]: View, key: string, whole: View): View | undefined {
  const width = to - from;
  const [first, last] = whole;
  const within = (begin: number, length: number): View => {
    const fits = Math.min(length, last - first);
    const start = Math.max(first, Math.min(last - fits, begin));
    return [start, start + fits];
  };
  if (key === 'ArrowLeft') return within(from - width / 4, width);
  if (key === 'ArrowRight') return within(from + width / 4, width);
  if (key === '+' || key === '=') return within(from + width / 4, width / 2);
  if (key === '-') return within(from - width / 2, width * 2);
  return key === '0' ? whole : undefined;
}

function spansByLane({ lane, lanes }: Spans): number[][] {
  const byLane: number[][] = Array.from({ length: lanes }, () => []);
  for (let n = 0; n < lane.length; n++) byLane[lane[n]!]!.push(n);
  return byLane;
}

interface Picture {
  readonly spans: Spans;
  readonly colors: readonly string[];
  readonly view: View;
  readonly drag: View | undefined;
  readonly shape: { readonly every: number; readonly thickness: number; readonly height: number };
}

function draw(element: HTMLCanvasElement, { spans, colors, view, drag, shape }: Picture): void {
  const { every, thickness, height } = shape;
  const ratio = devicePixelRatio;
  const width = element.clientWidth;
  if (width === 0) return;
  element.width = Math.round(width * ratio);
  element.height = Math.round(height * ratio);
  const context = element.getContext('2d')!;
  context.scale(ratio, ratio);
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const [from, to] = view;
  const x = (time: number) => ((time - from) / (to - from)) * width;
  const fills = colors.map(color);
  const bar = thickness > 4 ? thickness - 2 : thickness - 0.5;
  for (let n = 0; n < spans.from.length; n++) {
    const lane = spans.lane[n]!;
    if (lane % every !== 0 || spans.to[n]! < from || spans.from[n]! > to) continue;
    const y = (lane / every) * thickness;
    const [begin, end] = [x(spans.from[n]!), x(spans.to[n]!)];
    const middle = Number.isNaN(spans.middle[n]!) ? end : x(spans.middle[n]!);
    // A hair's breadth stays between a request and the next one.
    const last = Math.max(begin + 0.5, end - 0.5);
    context.fillStyle = fills[spans.color[n]!]!;
    context.fillRect(begin, y, Math.max(0.5, Math.min(middle, last) - begin), bar);
    if (middle >= last) continue;
    context.fillStyle = fills[spans.color[n]! + 1]!;
    context.fillRect(middle, y, last - middle, bar);
  }
  drawAxis(context, { view, width, height, color, font: `11px ${style.fontFamily}` });
  if (drag === undefined) return;
  context.fillStyle = `${color('accent')}30`;
  context.fillRect(x(Math.min(...drag)), 0, Math.abs(x(drag[1]) - x(drag[0])), height - AXIS);
}

interface AxisPicture {
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly color: (name: string) => string;
  readonly font: string;
}

function drawAxis(
  context: CanvasRenderingContext2D,
  { view: [from, to], width, height, color, font }: AxisPicture,
): void {
  const step = niceStep((to - from) / Math.max(2, Math.floor(width / 90)));
  context.font = font;
  context.fillStyle = color('muted');
  context.textBaseline = 'bottom';
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
    const at = ((time - from) / (to - from)) * width;
    const text = instant(time, step);
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.max(0, Math.min(width - 2 * half, at - half)), height - 2);
  }
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => power * factor >= least) ?? 10);
}
