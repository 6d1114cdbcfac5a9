/** Data: what the simulated engine knows of the demo's choices, by fingerprint (`answers.ts`). */

export interface KnownChoice {
  readonly question: string;
  /** Fingerprints of the options' texts. */
  readonly right: string;
  readonly wrong: readonly string[];
}

function known(question: string, right: string, ...wrong: readonly string[]): KnownChoice {
  return { question, right, wrong };
}

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
