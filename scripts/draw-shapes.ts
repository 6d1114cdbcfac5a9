/**
 * Draws the pictures of the demo set `demo_shapes`: `npx jiti scripts/draw-shapes.ts`. Edges are hard, so that the same
 * pixels come out everywhere.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodePng, type Picture } from './png.ts';

export const FOLDER = fileURLToPath(new URL('../configs/datasets/demo/shapes', import.meta.url));

/** Side of a picture in pixels: four patches of 28, as Qwen2-VL cuts them. */
const SIDE = 112;

export const COLOURS = {
  white: [255, 255, 255],
  red: [220, 30, 30],
  blue: [30, 60, 220],
  green: [20, 150, 50],
  yellow: [245, 205, 20],
  black: [0, 0, 0],
} as const;

export interface Shape {
  readonly kind: 'circle' | 'square' | 'triangle';
  readonly colour: Exclude<keyof typeof COLOURS, 'white'>;
  /** Centre and half of the side, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly half: number;
}

const shapes =
  (kind: Shape['kind'], colour: Shape['colour'], half: number) =>
  (...centres: readonly (readonly [x: number, y: number])[]): Shape[] =>
    centres.map(([x, y]) => ({ kind, colour, half, x, y }));

/** What is in each picture; the first is `shapes-01.png`. */
export const SCENES: readonly (readonly Shape[])[] = [
  shapes('circle', 'red', 14)([24, 30], [86, 40], [52, 84]),
  [...shapes('square', 'blue', 16)([28, 28], [84, 84]), ...shapes('circle', 'yellow', 15)([82, 28])],
  shapes('triangle', 'green', 14)([26, 26], [86, 26], [26, 86], [86, 86]),
  [...shapes('square', 'red', 18)([28, 56]), ...shapes('circle', 'blue', 18)([84, 56])],
  shapes('circle', 'black', 11)([22, 22], [90, 22], [56, 56], [22, 90], [90, 90]),
  [...shapes('circle', 'green', 18)([56, 26]), ...shapes('square', 'yellow', 18)([56, 84])],
  shapes('circle', 'blue', 12)([20, 36], [56, 36], [92, 36], [20, 78], [56, 78], [92, 78]),
  [...shapes('triangle', 'red', 26)([36, 46]), ...shapes('triangle', 'blue', 12)([90, 88])],
  [
    ...shapes('square', 'yellow', 13)([24, 24], [88, 30], [30, 86]),
    ...shapes('circle', 'black', 13)([86, 86]),
  ],
  [
    ...shapes('circle', 'red', 14)([22, 30]),
    ...shapes('square', 'green', 14)([88, 34]),
    ...shapes('triangle', 'blue', 15)([54, 86]),
  ],
  [
    ...shapes('circle', 'red', 12)([24, 24], [84, 88]),
    ...shapes('circle', 'green', 12)([84, 24], [24, 84], [54, 54]),
  ],
  shapes('square', 'black', 30)([56, 56]),
];

export function nameOf(scene: number): string {
  return `shapes-${String(scene + 1).padStart(2, '0')}.png`;
}

export function draw(scene: readonly Shape[]): Picture {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const shape = scene.find((one) => covers(one, x, y));
      rgb.set(COLOURS[shape?.colour ?? 'white'], (y * SIDE + x) * 3);
    }
  }
  return { width: SIDE, height: SIDE, rgb };
}

function covers({ kind, x, y, half }: Shape, px: number, py: number): boolean {
  const [dx, dy] = [px - x, py - y];
  if (Math.abs(dx) > half || Math.abs(dy) > half) return false;
  if (kind === 'square') return true;
  if (kind === 'circle') return dx * dx + dy * dy <= half * half;
  // The tip is at the top.
  return 2 * Math.abs(dx) <= dy + half;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [index, scene] of SCENES.entries()) {
    writeFileSync(`${FOLDER}/${nameOf(index)}`, encodePng(draw(scene)));
  }
}
