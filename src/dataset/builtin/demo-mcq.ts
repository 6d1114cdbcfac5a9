/** Our own questions with two to four choices for the demo: they ship with the package, so a first run needs no download. */
import type { DatasetType } from '../../contract/dataset.ts';

const LETTERS = ['A', 'B', 'C', 'D'] as const;
type Letter = (typeof LETTERS)[number];

export interface DemoChoice {
  readonly question: string;
  /** Two to four texts: A, B, … */
  readonly options: readonly string[];
  readonly answer: Letter;
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

function choice(question: string, answer: Letter, ...options: readonly string[]): DemoChoice {
  return { question, options, answer };
}
