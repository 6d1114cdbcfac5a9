/** Data: what the simulated engine answers about the demo's pictures, which it cannot see. */

/** The question's fingerprint (`answers.ts`), what is right, and a plausible slip. */
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
