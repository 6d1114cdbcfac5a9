/**
 * Our own pictures with questions for the demo: twelve PNG files of plain shapes, drawn by `scripts/draw-shapes.ts`, that
 * ship with the package beside the set's config.
 */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shipped } from '../../basics/package-folder.ts';
import type { DatasetType } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';

// Our own questions with two to four choices for the demo: they ship with the package, so a first run needs no download.

const LETTERS = ['A', 'B', 'C', 'D'] as const;
type ChoiceLetter = (typeof LETTERS)[number];

interface DemoChoice {
  readonly question: string;
  /** Two to four texts: A, B, … */
  readonly options: readonly string[];
  readonly answer: ChoiceLetter;
}

export const DEMO_CHOICES: readonly DemoChoice[] = [
  choice('Which city is the capital of France?', 'B', 'Berlin', 'Paris', 'Madrid', 'Rome'),
  choice('What colour is a clear sky by day?', 'A', 'blue', 'green', 'red'),
  choice('How many legs does a spider have?', 'B', 'six', 'eight', 'ten', 'four'),
  choice('Is the sun a star?', 'A', 'Yes', 'No'),
  choice('At how many degrees Celsius does water freeze?', 'C', '100', '50', '0'),
  choice('What is 7 times 8?', 'B', '54', '56', '63', '48'),
  choice('Which of these animals can fly?', 'C', 'a dog', 'a snake', 'an eagle', 'a whale'),
  choice('Which month comes right after April?', 'C', 'March', 'June', 'May', 'August'),
  choice('Which planet do we live on?', 'D', 'Mars', 'Venus', 'Jupiter', 'Earth'),
  choice('What do bees make?', 'A', 'honey', 'milk', 'silk'),
  choice('Which of these numbers is the largest?', 'B', '12', '21', '9'),
  choice('What is 100 minus 37?', 'B', '73', '63', '67', '137'),
  choice('Does ice sink in water?', 'B', 'Yes', 'No'),
  choice('Which language do most people in Brazil speak?', 'D', 'Spanish', 'French', 'English', 'Portuguese'),
  choice('Where does the sun rise?', 'D', 'in the west', 'in the north', 'in the south', 'in the east'),
  choice('How many minutes are there in an hour?', 'C', '24', '100', '60', '12'),
  choice('Which gas in the air do people need?', 'B', 'helium', 'oxygen', 'neon'),
  choice('What is half of 90?', 'A', '45', '40', '30', '180'),
  choice('Which of these is a fruit?', 'D', 'a carrot', 'a potato', 'an onion', 'a pear'),
  choice('Are all squares rectangles?', 'A', 'Yes', 'No'),
];

/** Rows with the columns `question`, `A` to `D` and `answer`, a letter; an option that a question has not is null. */
export const DemoMcqDataset: DatasetType = {
  name: 'DemoMcqDataset',
  async load() {
    const test = DEMO_CHOICES.map(({ question, options, answer }) => ({
      question,
      ...Object.fromEntries(LETTERS.map((letter, i) => [letter, options[i] ?? null])),
      answer,
    }));
    return { train: [], test };
  },
};

function choice(question: string, answer: ChoiceLetter, ...options: readonly string[]): DemoChoice {
  return { question, options, answer };
}

// Our own dialogues for the demo: they ship with the package, so a first run needs no download. Later turns speak of what was
// found before ("them", "the rest"), so a model that forgets cannot answer; every answer is one whole number.

export interface DemoTurn {
  readonly question: string;
  readonly answer: number;
  /** How the answer comes about: arithmetic in which `#1` is the answer of turn 1. */
  readonly expression: string;
}

type WrittenTurn = readonly [question: string, answer: number, expression: string];

export const DEMO_DIALOGUES: readonly (readonly DemoTurn[])[] = [
  dialogue(
    ['A baker fills 6 trays with 12 rolls each. How many rolls does she have?', 72, '6*12'],
    ['She sells 45 of them. How many are left?', 27, '#1-45'],
    ['The rest go into bags of 9. How many bags does she need?', 3, '#2/9'],
  ),
  dialogue(
    ['A train has 8 carriages with 54 seats each. How many seats does it have?', 432, '8*54'],
    ['289 of them are taken. How many are free?', 143, '#1-289'],
  ),
  dialogue(
    ['Lina saves 15 dollars a week. How many dollars does she have after 6 weeks?', 90, '15*6'],
    ['She then gets 30 dollars from her aunt. How many dollars is that altogether?', 120, '#1+30'],
    ['A bicycle costs 200 dollars. How many dollars does she still need?', 80, '200-#2'],
    ['Her brother lends her half of what she needs. How many dollars is that?', 40, '#3/2'],
  ),
  dialogue(
    ['A garden is 14 metres long and 9 metres wide. What is its area in square metres?', 126, '14*9'],
    ['How many metres of fence go once around it?', 46, '2*(14+9)'],
    ['A gate of 3 metres needs no fence. How many metres of fence are left to buy?', 43, '#2-3'],
  ),
  dialogue(
    ['A film of 105 minutes begins after 15 minutes of trailers. How many minutes is that?', 120, '105+15'],
    ['How many hours is that?', 2, '#1/60'],
  ),
  dialogue(
    ['A farmer has 7 hens, and each lays 5 eggs a week. How many eggs is that a week?', 35, '7*5'],
    ['How many eggs are that in 4 weeks?', 140, '#1*4'],
    ['He keeps 20 of those eggs and sells the others. How many does he sell?', 120, '#2-20'],
    ['He sells them in boxes of 6. How many boxes are that?', 20, '#3/6'],
  ),
  dialogue(
    ['A book has 12 chapters of 18 pages each. How many pages does it have?', 216, '12*18'],
    ['Noor reads 24 pages a day. In how many days has she read it?', 9, '#1/24'],
    ['She starts on the 3rd of May. On which day of May does she finish?', 11, '3+#2-1'],
  ),
  dialogue(
    ['In a school of 240 pupils a quarter walk to school. How many pupils walk?', 60, '240/4'],
    ['100 of the pupils come by bus. How many neither walk nor come by bus?', 80, '240-#1-100'],
  ),
  dialogue(
    [
      'A tank holds 500 litres and is filled with 20 litres a minute. In how many minutes is it full?',
      25,
      '500/20',
    ],
    ['Then 150 litres are taken out. How many litres are left in it?', 350, '500-150'],
    ['What is left goes into buckets of 14 litres. How many buckets are that?', 25, '#2/14'],
  ),
  dialogue(
    ['A team wins 11 games, and each win gives 3 points. How many points are that?', 33, '11*3'],
    [
      'It also draws 4 games, and each draw gives 1 point. How many points does it have altogether?',
      37,
      '#1+4*1',
    ],
    ['The best team has 52 points. How many points behind is our team?', 15, '52-#2'],
    ['With at least how many more wins would it have as many points as the best team?', 5, '#3/3'],
  ),
];

/** Rows with the lists `question` and `answer`, an element a turn. */
export const DemoMultiTurnDataset: DatasetType = {
  name: 'DemoMultiTurnDataset',
  async load() {
    const test = DEMO_DIALOGUES.map((turns) => ({
      question: turns.map(({ question }) => question),
      answer: turns.map(({ answer }) => String(answer)),
    }));
    return { train: [], test };
  },
};

function dialogue(...turns: readonly WrittenTurn[]): DemoTurn[] {
  return turns.map(([question, answer, expression]) => ({ question, answer, expression }));
}

const FOLDER = shipped('configs/datasets/demo/shapes');

const SHAPE_LETTERS = ['A', 'B', 'C'] as const;

interface ShapeQuestions {
  /** A question whose answer is a number. */
  readonly count: string;
  readonly number: number;
  readonly choice: string;
  /** Two or three texts: A, B, … */
  readonly options: readonly string[];
  readonly letter: (typeof SHAPE_LETTERS)[number];
}

/** The questions about each picture, in their order. */
export const SHAPE_QUESTIONS: readonly ShapeQuestions[] = [
  about(
    'How many red circles are there?',
    3,
    'What colour are the three circles?',
    'B',
    'blue',
    'red',
    'green',
  ),
  about('How many blue squares are there?', 2, 'Which shape is yellow?', 'A', 'the circle', 'a square'),
  about(
    'How many green triangles are there?',
    4,
    'Which shape is there four times?',
    'C',
    'a circle',
    'a square',
    'a triangle',
  ),
  about(
    'How many shapes are there, left and right together?',
    2,
    'What is to the right of the red square?',
    'B',
    'a red circle',
    'a blue circle',
    'a blue square',
  ),
  about(
    'How many black circles are there?',
    5,
    'What colour are the five circles?',
    'A',
    'black',
    'blue',
    'red',
  ),
  about(
    'How many corners does the yellow shape have?',
    4,
    'Which shape is at the top?',
    'B',
    'the square',
    'the circle',
  ),
  about(
    'How many blue circles are there?',
    6,
    'How are the six circles arranged?',
    'C',
    'in one row',
    'in a ring',
    'in two rows',
  ),
  about(
    'How many triangles of any colour are there?',
    2,
    'What colour is the larger triangle?',
    'A',
    'red',
    'blue',
    'green',
  ),
  about(
    'How many yellow squares are there?',
    3,
    'Which colour is there only once?',
    'C',
    'yellow',
    'red',
    'black',
  ),
  about(
    'How many different colours do the shapes have?',
    3,
    'What colour is the shape with three corners?',
    'C',
    'red',
    'green',
    'blue',
  ),
  about(
    'How many circles are there, red and green together?',
    5,
    'Are there more red or more green circles?',
    'B',
    'more red',
    'more green',
  ),
  about(
    'How many black squares are there?',
    1,
    'What is in the middle of the picture?',
    'A',
    'a square',
    'a circle',
    'a triangle',
  ),
];

/**
 * Rows with the columns `image` (a `file://` URL), `question`, `options` (lines `A. …`, '' for a number) and `answer`, a
 * letter or a number. The config's `questions` says which: `choice` or `count`.
 */
export const DemoShapesDataset: DatasetType = {
  name: 'DemoShapesDataset',
  async load({ params: { questions = 'choice' } }) {
    if (questions !== 'choice' && questions !== 'count') {
      throw new AisBenchError('UTILS-CFG-002', `questions is ${JSON.stringify(questions)}`, {
        where: 'questions',
        cure: 'use choice or count',
      });
    }
    const test = SHAPE_QUESTIONS.map((asked, index) => ({
      image: pathToFileURL(join(FOLDER, `shapes-${String(index + 1).padStart(2, '0')}.png`)).href,
      // A service has no access to the files of this machine.
      mm_type: 'base64',
      ...(questions === 'count'
        ? { question: asked.count, options: '', answer: String(asked.number) }
        : { question: asked.choice, options: optionLines(asked.options), answer: asked.letter }),
    }));
    return { train: [], test, folder: FOLDER };
  },
};

function optionLines(options: readonly string[]): string {
  return options.map((option, i) => `${SHAPE_LETTERS[i]}. ${option}`).join('\n');
}

function about(
  count: string,
  number: number,
  choice: string,
  letter: ShapeQuestions['letter'],
  ...options: readonly string[]
): ShapeQuestions {
  return { count, number, choice, letter, options };
}
