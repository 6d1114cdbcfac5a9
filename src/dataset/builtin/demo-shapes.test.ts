import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COLOURS, draw, FOLDER, nameOf, SCENES } from '../../../scripts/draw-shapes.ts';
import { decodePng, encodePng, type Picture } from '../../../scripts/png.ts';
import { DemoShapesDataset, SHAPE_QUESTIONS } from './demos.ts';

interface Seen {
  readonly kind: string;
  readonly colour: string;
  /** In pixels. */
  readonly area: number;
  readonly x: number;
  readonly y: number;
}

/** What is in a picture, told from its pixels alone: patches of one colour, and how much of their box they fill. */
function look({ width, height, rgb }: Picture): Seen[] {
  const colourAt = (at: number) =>
    Object.entries(COLOURS).find(([, value]) => value.every((part, i) => rgb[at * 3 + i] === part))![0];
  const seen = new Set<number>();
  const found: Seen[] = [];
  for (let start = 0; start < width * height; start++) {
    const colour = colourAt(start);
    if (colour === 'white' || seen.has(start)) continue;
    const patch = [start];
    seen.add(start);
    for (const at of patch) {
      for (const next of [at - 1, at + 1, at - width, at + width]) {
        if (seen.has(next) || colourAt(next) !== colour) continue;
        seen.add(next);
        patch.push(next);
      }
    }
    const [xs, ys] = [patch.map((at) => at % width), patch.map((at) => Math.floor(at / width))];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const filled = patch.length / ((right - left + 1) * (bottom - top + 1));
    const kind = filled > 0.95 ? 'square' : filled > 0.7 ? 'circle' : 'triangle';
    found.push({ kind, colour, area: patch.length, x: (left + right) / 2, y: (top + bottom) / 2 });
  }
  return found;
}

const pictures = SCENES.map((_, index) => decodePng(readFileSync(join(FOLDER, nameOf(index)))));
const seen = pictures.map(look);
const of = (colour: string, kind: string) => (all: readonly Seen[]) =>
  all.filter((one) => one.colour === colour && one.kind === kind).length;
const all = (every: readonly Seen[]) => every.length;
const CORNERS: Readonly<Record<string, number>> = { circle: 0, triangle: 3, square: 4 };

/** How each question is answered by who sees the picture. */
const ANSWERS: readonly (readonly [count: (every: Seen[]) => number, choice: (every: Seen[]) => string])[] = [
  [of('red', 'circle'), ([one]) => one!.colour],
  [of('blue', 'square'), (every) => every.find(({ colour }) => colour === 'yellow')!.kind],
  [of('green', 'triangle'), (every) => (every.length === 4 ? every[0]!.kind : '')],
  [all, (every) => every.toSorted((a, b) => b.x - a.x).map(({ colour, kind }) => `${colour} ${kind}`)[0]!],
  [of('black', 'circle'), ([one]) => one!.colour],
  [
    (every) => CORNERS[every.find(({ colour }) => colour === 'yellow')!.kind]!,
    (every) => every.toSorted((a, b) => a.y - b.y)[0]!.kind,
  ],
  [of('blue', 'circle'), (every) => (new Set(every.map(({ y }) => y)).size === 2 ? 'two rows' : '')],
  [
    (every) => every.filter(({ kind }) => kind === 'triangle').length,
    (every) => every.toSorted((a, b) => b.area - a.area)[0]!.colour,
  ],
  [of('yellow', 'square'), (every) => every.find((one) => of(one.colour, one.kind)(every) === 1)!.colour],
  [
    (every) => new Set(every.map(({ colour }) => colour)).size,
    (every) => every.find(({ kind }) => CORNERS[kind] === 3)!.colour,
  ],
  [
    (every) => of('red', 'circle')(every) + of('green', 'circle')(every),
    (every) => (of('green', 'circle')(every) > of('red', 'circle')(every) ? 'more green' : 'more red'),
  ],
  [of('black', 'square'), ([one]) => (one!.x === 56 && one!.y === 56 ? one!.kind : '')],
];

describe('the pictures that ship', () => {
  it.each(SCENES.map((scene, index) => [nameOf(index), scene, pictures[index]!] as const))(
    '%s has the pixels that the script draws',
    (_, scene, picture) => {
      expect(picture).toEqual(draw(scene));
    },
  );

  it('are all that lies there, and small', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(SCENES.map((_, index) => nameOf(index)));
    const bytes = SCENES.reduce((sum, _, index) => sum + statSync(join(FOLDER, nameOf(index))).size, 0);
    expect(bytes).toBeLessThan(10_000);
  });

  it.each(SCENES)('show what their scene says (%#)', (...scene) => {
    const index = SCENES.findIndex((one) => one[0] === scene[0]);
    const told = scene.map(({ kind, colour }) => `${colour} ${kind}`).sort();
    expect(seen[index]!.map(({ kind, colour }) => `${colour} ${kind}`).sort()).toEqual(told);
  });

  it('survive the writer', () => {
    const picture = { width: 2, height: 3, rgb: Uint8Array.from({ length: 18 }, (_, i) => i * 14) };
    expect(decodePng(encodePng(picture))).toEqual(picture);
  });
});

describe('the questions about them', () => {
  it.each(SHAPE_QUESTIONS.map((asked, index) => [asked.count, asked, index] as const))(
    '%s',
    (_, { number, options, letter }, index) => {
      const [count, choice] = ANSWERS[index]!;
      expect(count(seen[index]!)).toBe(number);
      const right = options['ABC'.indexOf(letter)];
      expect(right).toContain(choice(seen[index]!));
      expect(choice(seen[index]!)).not.toBe('');
      expect(new Set(options).size).toBe(options.length);
    },
  );

  it('are all different, and no letter is a favourite', () => {
    const words = SHAPE_QUESTIONS.flatMap(({ count, choice }) => [count, choice]);
    expect(new Set(words).size).toBe(24);
    for (const letter of ['A', 'B', 'C']) {
      const share = SHAPE_QUESTIONS.filter((one) => one.letter === letter).length / 12;
      expect(share).toBeGreaterThanOrEqual(0.25);
      expect(share).toBeLessThanOrEqual(0.45);
    }
  });

  it('are rows with the URL of a picture that is there', async () => {
    for (const questions of ['choice', 'count']) {
      const { train, test } = await DemoShapesDataset.load({ path: '', roots: [], params: { questions } });
      expect(train).toEqual([]);
      expect(test).toHaveLength(12);
      for (const [index, { image }] of test.entries()) {
        expect(fileURLToPath(image as string)).toBe(join(FOLDER, nameOf(index)));
      }
    }
    const { test } = await DemoShapesDataset.load({ path: '', roots: [], params: {} });
    expect(test[1]).toMatchObject({
      question: 'Which shape is yellow?',
      options: 'A. the circle\nB. a square',
      answer: 'A',
      mm_type: 'base64',
    });
  });

  it('of another kind are refused', async () => {
    await expect(
      DemoShapesDataset.load({ path: '', roots: [], params: { questions: 'all' } }),
    ).rejects.toMatchObject({ code: 'UTILS-CFG-002', where: 'questions' });
  });
});
