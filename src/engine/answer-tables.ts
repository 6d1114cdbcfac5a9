/** Data: what the simulated engine knows of the demo, by `fingerprint` (`answers.ts`): worked answers, choices, dialogues, pictures. */

/** A worked problem. */
export interface WorkedAnswer {
  /** The question's `fingerprint`, as `answers.ts` computes it. */
  readonly question: string;
  readonly right: string;
  /** The same with one plausible slip. */
  readonly wrong: string;
}

/** Both texts begin on the line after their quote mark. */
function worked(question: string, right: string, wrong: string): WorkedAnswer {
  return { question, right: right.trim(), wrong: wrong.trim() };
}

/** The demo's maths problems. */
export const WORKED_ANSWERS: readonly WorkedAnswer[] = [
  worked(
    '0658e8076959',
    `
Priya reads 5 times 18 pages on weekdays, which is 90 pages.
On the weekend she reads 2 times 30 pages, which is 60 pages.
That makes 150 pages a week, and in 3 weeks 3 times 150 = 450 pages.
The answer is 450.`,
    `
Priya reads 5 times 18 pages on weekdays, which is 90 pages.
On the weekend she reads 30 pages, so a week has 120 pages.
In 3 weeks she reads 3 times 120 = 360 pages.
The answer is 360.`,
  ),
  worked(
    '2158fbc6b9ae',
    `
Five of the 7 crossings were full, and 5 times 24 is 120 cars.
The two others carried 12 cars each, together 24 cars.
So the ferry carried 120 + 24 = 144 cars.
The answer is 144.`,
    `
Seven crossings with 24 cars each make 7 times 24 = 168 cars.
Some crossings were half full, so 12 cars were missing.
The ferry carried 168 - 12 = 156 cars.
The answer is 156.`,
  ),
  worked(
    '579deea7e2b6',
    `
One third of 90 litres is 30 litres.
The rain makes that 30 + 25 = 55 litres, and the garden leaves 55 - 14 = 41 litres.
To fill the barrel, 90 - 41 = 49 litres are needed.
The answer is 49.`,
    `
One third of 90 litres is 30 litres.
The rain makes that 30 + 25 = 55 litres.
Tom uses 14 litres, and 55 - 14 = 41 litres.
The answer is 41.`,
  ),
  worked(
    '6abf44240f17',
    `
A quarter of $80 is $20, so the jacket costs $60 after the first reduction.
The coupon brings it down to $54.
Lena gets back 100 - 54 = $46.
The answer is 46.`,
    `
A quarter of $80 is $20, so the jacket costs $60.
Lena pays with $100 and gets back 100 - 60 = $40.
The answer is 40.`,
  ),
  worked(
    '79eb44693682',
    `
Ana picks 22 + 15 = 37 apples.
Carl picks twice as many as Ana, 2 times 37 = 74 apples.
Together the three pick 22 + 37 + 74 = 133 apples.
The answer is 133.`,
    `
Ana picks 22 + 15 = 37 apples.
Carl picks twice 22, which is 44 apples.
Together the three pick 22 + 37 + 44 = 103 apples.
The answer is 103.`,
  ),
  worked(
    'a8b6cce8608e',
    `
After the first stop there are 180 - 45 + 28 = 163 passengers.
At the second stop 52 leave and 17 board, so 163 - 52 + 17 = 128 passengers are on the train.
The answer is 128.`,
    `
After the first stop there are 180 - 45 + 28 = 163 passengers.
At the second stop 52 of them leave, so 163 - 52 = 111 passengers are on the train.
The answer is 111.`,
  ),
  worked(
    'de73937b60bd',
    `
Five copies of 96 pages are 480 pages.
At 24 pages a minute they take 20 minutes.
Two refills of 3 minutes take 6 minutes, so the job takes 26 minutes.
The answer is 26.`,
    `
Five copies of 96 pages are 480 pages.
At 24 pages a minute they take 20 minutes.
A refill takes 3 minutes, so the job takes 23 minutes.
The answer is 23.`,
  ),
  worked(
    'd490dfa72414',
    `
In 8 weeks Marco saves 8 times 35 = $280.
The shoes leave him 280 - 120 = $160.
His sister gets a quarter of that, $40, so he still has $120.
The answer is 120.`,
    `
In 8 weeks Marco saves 8 times 35 = $280.
The shoes leave him 280 - 120 = $160.
A quarter of 160 is 40.
The answer is 40.`,
  ),
  worked(
    'a8e2cae1f379',
    `
The lower ring has 45 times 60 = 2,700 seats and the upper ring 30 times 50 = 1,500 seats.
That is 4,200 seats in all.
With 350 of them empty, 4,200 - 350 = 3,850 seats are taken.
The answer is 3850.`,
    `
The lower ring has 45 times 60 = 2,700 seats.
The upper ring has 30 times 60 = 1,800 seats.
That is 4,500 seats, and 4,500 - 350 = 4,150 of them are taken.
The answer is 4150.`,
  ),
  worked(
    '157746b841cd',
    `
The hens lay 14 times 5 = 70 and 9 times 6 = 54 eggs, 124 eggs in all.
Without the 10 that he keeps, 114 eggs are sold.
They fill 114 / 6 = 19 boxes, and 19 times $3 is $57.
The answer is 57.`,
    `
The hens lay 14 times 5 = 70 and 9 times 6 = 54 eggs, 124 eggs in all.
They fill about 20 boxes of 6.
At $3 a box the farmer earns 20 times 3 = $60.
The answer is 60.`,
  ),
  worked(
    '85c21c98a6f5',
    `
Going to school and back is 3 km a day, so 15 km in 5 days.
Each visit to the club adds 4 km, and there are two visits, so 8 km.
Together Nina walks 15 + 8 = 23 km.
The answer is 23.`,
    `
Going to school and back is 3 km a day, so 15 km in 5 days.
Going to the club and back adds 4 km.
Together Nina walks 15 + 4 = 19 km.
The answer is 19.`,
  ),
  worked(
    'af133d5c63a3',
    `
The pipes bring 12 + 8 = 20 litres a minute, and the leak takes 5 of them away.
So 15 litres a minute stay in the tank.
It is full after 300 / 15 = 20 minutes.
The answer is 20.`,
    `
The pipes bring 12 + 8 = 20 litres a minute.
The tank holds 300 litres, and 300 / 20 = 15.
The answer is 15.`,
  ),
  worked(
    'a7eeb10edcfb',
    `
In 6 years both are 6 years older, so now their ages add up to 62 - 12 = 50.
Sam has four parts of that and his daughter one, so one part is 50 / 5 = 10.
Sam is 4 times 10 = 40 years old.
The answer is 40.`,
    `
In 6 years both are 6 years older, so now their ages add up to 62 - 12 = 50.
There are five parts, and 50 / 5 = 10.
The answer is 10.`,
  ),
  worked(
    'e13e5003ddc0',
    `
For one person the recipe needs 450 / 6 = 75 g of flour.
For 20 people it needs 20 times 75 = 1,500 g.
With 680 g at home, 1,500 - 680 = 820 g are missing.
The answer is 820.`,
    `
The recipe serves 6 people, so for 20 people it has to be made 4 times.
That needs 4 times 450 = 1,800 g of flour.
With 680 g at home, 1,800 - 680 = 1,120 g are missing.
The answer is 1120.`,
  ),
  worked(
    'b092132ef6ef',
    `
The adults pay 140 times 18 = $2,520 and the children 85 times 11 = $935.
The theatre takes in 2,520 + 935 = $3,455.
After the costs 3,455 - 1,200 = $2,255 are left.
The answer is 2255.`,
    `
The tickets bring 140 times 11 = $1,540 and 85 times 18 = $1,530.
The theatre takes in 1,540 + 1,530 = $3,070.
After the costs 3,070 - 1,200 = $1,870 are left.
The answer is 1870.`,
  ),
  worked(
    '2e016498f5ad',
    `
Five hours of video use 5 times 8 = 40 percent.
Seven hours of standby use 7 times 3 = 21 percent.
That is 61 percent, so 100 - 61 = 39 percent are left.
The answer is 39.`,
    `
Five hours of video use 5 times 8 = 40 percent.
Seven hours of standby use 7 times 3 = 21 percent.
40 + 21 = 61 percent.
The answer is 61.`,
  ),
  worked(
    '7808e9afc02b',
    `
A board of 240 cm gives 4 shelves of 50 cm, and 40 cm are left over.
The pieces left over are too short to use.
Six boards give 6 times 4 = 24 shelves.
The answer is 24.`,
    `
Six boards of 240 cm are 1,440 cm long together.
1,440 / 50 = 28.8, so 28 whole shelves can be cut.
The answer is 28.`,
  ),
  worked(
    '14c86f6be060',
    `
Around the garden it is 2 times 18 + 2 times 12 = 60 m.
A post every 3 m makes 60 / 3 = 20 posts, because the fence closes on itself.
They cost 20 times 7 = $140.
The answer is 140.`,
    `
Around the garden it is 2 times 18 + 2 times 12 = 60 m.
A post every 3 m makes 60 / 3 = 20 gaps, and there is one more post than gaps, so 21 posts.
They cost 21 times 7 = $147.
The answer is 147.`,
  ),
  worked(
    'ef54e1f17d7a',
    `
For the first 40 hours Ella earns 40 times 16 = $640.
The other 6 hours pay 1.5 times 16 = $24 each, so 6 times 24 = $144.
Together she earns 640 + 144 = $784.
The answer is 784.`,
    `
Ella works 46 hours at $16 an hour.
46 times 16 is 736.
The answer is 736.`,
  ),
  worked(
    '8f376d418812',
    `
Raising 600 by 20% gives 600 + 120 = $720.
20% of 720 is $144.
Lowering the price by that gives 720 - 144 = $576.
The answer is 576.`,
    `
The price goes up by 20% and then down by 20%.
The two changes cancel each other, so the phone costs as much as at first.
The answer is 600.`,
  ),
  worked(
    'db416d5a0468',
    `
With the new ones the library has 1,860 + 240 = 2,100 books.
15% of them are 315 books.
After giving those away it has 2,100 - 315 = 1,785 books.
The answer is 1785.`,
    `
15% of 1,860 books are 279 books.
With the new books there are 1,860 + 240 = 2,100 books.
After giving some away there are 2,100 - 279 = 1,821 books.
The answer is 1821.`,
  ),
  worked(
    '02d1c8f77a3a',
    `
The buses have 3 times 52 = 156 seats.
There are 5 times 27 = 135 pupils and 8 teachers, 143 people in all.
So 156 - 143 = 13 seats stay free.
The answer is 13.`,
    `
The buses have 3 times 52 = 156 seats.
There are 5 times 27 = 135 pupils.
So 156 - 135 = 21 seats stay free.
The answer is 21.`,
  ),
  worked(
    '599003fd780a',
    `
The first 4 laps take 8 minutes and the last 4 take 12 minutes, 20 minutes of running.
Eight laps are 8 times 400 = 3,200 m.
On average Ines runs 3,200 / 20 = 160 m a minute.
The answer is 160.`,
    `
The laps take 8 and 12 minutes, and with the rest of 5 minutes that is 25 minutes.
Eight laps are 8 times 400 = 3,200 m.
On average Ines runs 3,200 / 25 = 128 m a minute.
The answer is 128.`,
  ),
  worked(
    '69808b0bcef5',
    `
There are 7 times 16 = 112 plants, and one eighth of them is 14.
So 98 plants live and give 98 times 3 = 294 kg.
At $2 a kilogram they bring 294 times 2 = $588.
The answer is 588.`,
    `
There are 7 times 16 = 112 plants.
They give 112 times 3 = 336 kg of tomatoes.
At $2 a kilogram they bring 336 times 2 = $672.
The answer is 672.`,
  ),
  worked(
    '4f3350f7be48',
    `
After 5 hours the red candle is 24 - 10 = 14 cm tall.
The white candle is 30 - 15 = 15 cm tall.
The white one is 15 - 14 = 1 cm taller.
The answer is 1.`,
    `
The white candle is 30 cm tall and the red one 24 cm.
The difference is 30 - 24 = 6 cm.
The answer is 6.`,
  ),
  worked(
    '70fedd168fa7',
    `
There are 12 times 40 = 480 boxes, and 480 times 24 = 11,520 cans.
5% of the cans, 576 of them, are damaged.
So 11,520 - 576 = 10,944 cans are not damaged.
The answer is 10944.`,
    `
There are 12 times 40 = 480 boxes, and 480 times 24 = 11,520 cans.
5% of the 480 boxes are 24.
So 11,520 - 24 = 11,496 cans are not damaged.
The answer is 11496.`,
  ),
  worked(
    '21e1a22b836f',
    `
One dime and three quarters make a group of 4 coins, so there are 48 / 4 = 12 dimes and 36 quarters.
The quarters are worth 36 times 25 = 900 cents and the dimes 120 cents.
Together that is 1,020 cents.
The answer is 1020.`,
    `
A third of the 48 coins are dimes, so there are 16 dimes and 32 quarters.
The quarters are worth 32 times 25 = 800 cents and the dimes 160 cents.
Together that is 960 cents.
The answer is 960.`,
  ),
  worked(
    'ac20f886b360',
    `
The wall measures 6 times 4 = 24 square metres, and the window 3 square metres.
So 21 square metres are painted, and with two coats that is 42 square metres.
42 / 7 = 6 litres are needed.
The answer is 6.`,
    `
The wall measures 6 times 4 = 24 square metres, and the window 3 square metres.
So 21 square metres are painted.
21 / 7 = 3 litres are needed.
The answer is 3.`,
  ),
];

/** A multiple-choice question. */
export interface KnownChoice {
  readonly question: string;
  /** Fingerprints of the options' texts. */
  readonly right: string;
  readonly wrong: readonly string[];
}

function known(question: string, right: string, ...wrong: readonly string[]): KnownChoice {
  return { question, right, wrong };
}

/** The demo's multiple-choice questions. */
export const KNOWN_CHOICES: readonly KnownChoice[] = [
  known('52953db5cebd', '1670f2e42fef', 'fb38a93fd89e', '1579a6e3112c', 'a8a4c692b93b'),
  known('18e6c9acad5d', '16477688c0e0', 'ba4788b226aa', 'b1f51a511f1d'),
  known('e521f9dbac6d', 'c195d2d87562', '44778d82365e', 'e4432baa9081', '04efaf080f5a'),
  known('6701962fda5a', '8a798890fe93', '9390298f3fb0'),
  known('4e90de625e50', '5feceb66ffc8', 'ad5736686512', '1a6562590ef1'),
  known('6e409867d95a', '7688b6ef5255', '2fca346db656', 'da4ea2a5506f', '98010bd9270f'),
  known('590c87ea8f4d', 'd8342aac8eca', '0b797c174d1c', '23652f1844da', '915bef012d8d'),
  known('e01f597c93a9', 'ee4d988c65de', 'fa75b5c25fc0', 'c0fa1ef86478', 'c2afdd38565b'),
  known('c64aa4be2c55', '7b74b418a352', 'd158be41db87', 'b8b22aedc372', '1e9cc37678c0'),
  known('6796c2aa5bb6', 'a55e2e3846a5', '8825e76530f8', 'f2c819b6790d'),
  known('a8e873ce94e3', '6f4b6612125f', '6b51d431df5d', '19581e27de7c'),
  known('d0d061d13e7b', 'da4ea2a5506f', '96061e92f58e', '49d180ecf561', 'd80eae6e96d1'),
  known('0dbc55b95258', '9390298f3fb0', '8a798890fe93'),
  known('c6c4acd57d87', 'e35242c809c8', '9c9b13446cd9', '21bb36ad0638', 'b6234d2ea0d6'),
  known('87e7f21aabba', '98e4e42b67a3', '614246056f07', '92160d36b84b', 'de788fa4565c'),
  known('d6a904c1ec5c', '39fa9ec190ee', 'c2356069e9d1', 'ad5736686512', '6b51d431df5d'),
  known('23aed5c01ed4', 'b982a09b3542', 'cac77afa6447', '1b6405d1ef5a'),
  known('bdb7bd94bc86', '811786ad1ae7', 'd59eced1ded0', '624b60c58c9d', '7b69759630f8'),
  known('92d53de5b8b7', '7a0184eca309', '6c85c70bfbc4', 'c13a1f142560', '397d95783889'),
  known('6f2adfa4718d', '8a798890fe93', '9390298f3fb0'),
];

/** Dialogues: the fingerprint of all user messages so far, and the right number. */
export const DIALOGUE_ANSWERS: readonly (readonly [said: string, right: number])[] = [
  ['943c76a43aae', 72],
  ['efcd2f25e349', 27],
  ['012660197a6b', 3],
  ['2c8b1976e62d', 432],
  ['e4eb2ba0781b', 143],
  ['0a374fa73ade', 90],
  ['852def400520', 120],
  ['38583ad3de93', 80],
  ['48b538ffc01e', 40],
  ['2344cb380825', 126],
  ['d77adf935468', 46],
  ['6f376c3dd08b', 43],
  ['4868ec49be40', 120],
  ['9a88089a1652', 2],
  ['da2dbe5b9dd0', 35],
  ['d63ffc8b5d3a', 140],
  ['a69c26030fe1', 120],
  ['eefaae1e55d0', 20],
  ['3f6ab837144b', 216],
  ['0715cdede569', 9],
  ['a4776f83fed8', 11],
  ['910729b54864', 60],
  ['1a70d54dfb6b', 80],
  ['1beb1d111e98', 25],
  ['a43e2264eeb0', 350],
  ['c29534849629', 25],
  ['f0fe740997fb', 33],
  ['51d6282ee404', 37],
  ['99d5e8f33fad', 15],
  ['80da1c8b033b', 5],
];

/** Pictures, which the engine cannot see: the question's fingerprint, the right answer, and a plausible slip. */
export const SHAPE_ANSWERS: readonly (readonly [question: string, right: string, wrong: string])[] = [
  ['b910dcd22aa3', '3', '4'],
  ['d8360b83bfea', 'B', 'C'],
  ['83398311a8ba', '2', '3'],
  ['a99412107828', 'A', 'B'],
  ['5e9a01eb41b2', '4', '5'],
  ['30895c6fb71b', 'C', 'A'],
  ['fe7b4a90a8b3', '2', '3'],
  ['12730714d12c', 'B', 'C'],
  ['299ba771ccf1', '5', '6'],
  ['98548697df3a', 'A', 'B'],
  ['ec920763ded7', '4', '5'],
  ['a9c464de8955', 'B', 'A'],
  ['36f818a129e3', '6', '7'],
  ['e07b54f7a897', 'C', 'A'],
  ['5b0560a3d458', '2', '3'],
  ['bcb1d97762a2', 'A', 'B'],
  ['e5f10d55038d', '3', '4'],
  ['2471849178a7', 'C', 'A'],
  ['3de5ab10474f', '3', '4'],
  ['bea2fbe2e32b', 'C', 'A'],
  ['05a9ed761b8d', '5', '6'],
  ['55dc85598091', 'B', 'A'],
  ['f2f563f093f0', '1', '2'],
  ['51b0311e1910', 'A', 'B'],
];
