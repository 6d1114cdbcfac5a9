import { type InstructionCheck, type InstructionFamily, numberOf, textOf } from '../ifeval/kwargs.ts';
import { wordTokens } from '../ifeval/sentences.ts';
import { pythonSplit, pythonStrip } from '../python-text.ts';
import type { RuleSet } from '../types.ts';
import {
  firstOf,
  lengthOf,
  plainWords,
  splitterOf,
  trimMarks,
  trimMarksEnd,
  trimMarksStart,
  withoutMarks,
} from './marks.ts';

/**
 * English words of whose syllables the package syllapy (MIT), which upstream asks, counts one more or one less than its rule for words that it
 * does not know: odd where the rule says even, and even where it says odd.
 */
const AGAINST_THE_RULE: ReadonlySet<string> = new Set(
  `absolutely achieved achievement acquired actual actually added addressed adobe advanced advertisement affiliate aged agree
  agricultural aisle alleged alliance allowed anime announced announcement annual antonio anxiety anyone apache apparently
  appliances applying appreciate appreciation appropriate approved area argue armed arrangement arrived asked associate
  association assumed attached audience audio austria authorized avenue aviation awareness awesome bacteria balanced
  barely barrier baseball based basement behavioral being believed believes besides beyond bias bibliography bigger
  biggest biography biological biology bombing brian bulgaria business businesses businessman buyer buying bytes cached cafe
  called canadian captured careful caribbean carrier carrying casual casualty caused centre centres champion championship
  changed changing chaos charged charles charlie checked chile christianity cleveland client closed closest clothes coalition
  codes coffee colombia colonial columbia combined comes committee compared compiled compliance composed concerned confirmed
  considered consistently constantly contained continue continuous controlled convened convinced cookie cooperate cooperation
  cooperative coordinate coordinator correctly covered create created creating creation creative creativity creator criteria
  cruel curiosity curious customized dancing dates declared defender defined definitely degree denial depending depressed
  derived described designed desired detailed determined developed developmental diabetes diagnose diagnosis diagram dial
  dialogue diameter diary diego diet differently dining disagree discovered discussed doing drives driveway dropped dual dying
  earned easier ecological editorial elsewhere embarrassed emotionally employees employer employers encouraged encouraging
  encyclopedia enforcement engaged engagement enhanced enthusiasm entirely environmental equipped essentially established
  estimated european evaluate evaluation evening eventually every everybody everyday everything everywhere excitement
  exclaimed existing expected experience experiences exposed extremely failed falsehood falsehoods fastened faster featured
  february filed files filled finished firefox fireplace firewall firmly fixed fluid flying focused forced forecast forehead
  formed framed frames framework fuel funding games gateway genes genre genuine geographic geography getting giant
  gives giving gloves going grabbed grades graduate graduation grateful greatest guarantee guardian guideline guides happened
  harder having hawaii helped higher highest historian historically holes homeland homeless homes homework hopefully household
  html http idea ideal ideas identifying ideological ideology ieee immediate importantly improved improvement including
  increased increasingly india indian indiana individual individuals induced industrial influence influential informed
  ingredient initially initiate initiative inspired installed instructional intellectual interior intermediate introduced
  invented investigator investor involved iowa ireland ironically islamic israel issue jacksonville james january joined jokes
  jones jose killed korea korean lakes largely larger largest lately launched layer layers layout learned leaves legally
  lesbian liability liable licensed lifestyle lifetime liked likelihood likely likewise linear lines lingerie linked lion
  listener lived lives logged lonely longer looked louis loved lovely loves loyal loyalty lying machines makes managed
  management managing manual manufacturing maria marie marked material materials maybe mayor measured measurement media median
  medium melted memorabilia memorial merely miami michelle miles milwaukee minneapolis misc miscellaneous missed mixed modes
  montreal moved movement moves movie mpeg multimedia museum mutual mysql mysterious named names nashville ncaa nearer nearest
  negotiate negotiation nike nodded nodes nominee nonetheless notebook notes noticed nuclear nutrient observed obvious
  occurred offender officially ohio ones ongoing ontario opened openly opposed ordered organizational organized orientation
  ourselves oversee owned palestinian partially passed paying peaceful perceived performer period personalized philadelphia
  philippines phones piano picked pictured pierre pioneer pipeline placed placement planned plates player playing pleased poem
  poems poet poetry policeman politically portfolio powered preferred premium prepared previous priced printed prior
  priorities priority processing produced programmes progressed promised properly proposed purchased pursuant pursue putting
  quiet quotes radiation radio raised rapidly rarely rates reached react reaction real realistic reality realize really
  received recently recipe recipient recognized reconcile reconciliation recreation redeemed reduced referred refugee refused
  registered rehabilitation reinforce relatively released reliability reliable remaining removed repeatedly replaced
  replacement reporting required requirement requirements rescue researcher reserved respectively retailer retired retirement
  revenue revised riot ritual roles romania roughly royal rubbed ruin rules ryan safety sales samuel satellites saved saying
  scared scenario scenes scheduled science sciences scientific scientist scientists scores screeched sealed seattle secured
  seeing seemed seemingly selected serial serious seriously served serves sexual sexuality shared shareholder shares shareware
  sharply shaved shinning shipped shooting showed sides sidewalk sierra signed significantly similarly sites situation sized
  skiing skilled slightly slipped smaller smallest socially society sodium softly solely somebody someday somehow something
  sometime somewhat somewhere soviet specials spending spiritual spokesman stadium stared starting statement statements states
  statue steadily stepped stereo stereotype stones stopped stored stores stronger studio studios styles substantially
  successfully suddenly suicide suites superior supposed surely surprised surprisingly surrounded takes tales taxpayer
  tennessee testing theater themes themselves theological theology theoretical theory thereby therefore tightly times tired
  tissue tokyo tones tracked trademark trading traditionally trained transferred treated trial triangle triumph trying turned
  tutorial twentieth types typically undergraduate underlying unlikely unusual used useful using usual vacuum valuable value
  variable variation variety various venue via victoria video vietnam viewed violate violation violence violent virtual
  virtually virtue visual voip votes voting voyage wales warehouse warrior waves wednesday whispered whoever wholesale
  widely widespread willingness wireless worked wrapped writes wyoming xbox`.split(/\s+/),
);

/**
 * Whether a word in small letters has an odd number of syllables, as the package syllapy counts them: groups of vowels, but for an e at
 * the end. A word with a digit has none.
 */
export function isOdd(word: string): boolean {
  if (/\p{Nd}/u.test(word)) return false;
  return (countByRule(word) % 2 === 1) !== AGAINST_THE_RULE.has(word);
}

function countByRule(word: string): number {
  const groups = word.match(/[aeiouy]+/g)?.length ?? 0;
  const silent = word.endsWith('e') ? 1 : 0;
  const sounded = /[^aeiouy]le$/.test(word) ? 1 : 0;
  return groups - silent + sounded || 1;
}

/**
 * Whether the first word of a reply is a verb. Upstream asks nltk's tagger, a model of 6 MB that also looks at the words behind; here it is a
 * list of the verbs that replies begin with, and the ending -ing.
 */

const TO_BE = 'am is are was were be been being have has had having do does did doing done let lets';

/** Base forms, which begin what one is told to do: `Consider …`. Words that are mostly nouns there (`Water …`) are left out. */
const BASE = `abandon abolish absorb accelerate accept accomplish accuse ache achieve acknowledge acquire act activate adapt add address
  adhere adjourn adjust administer admire admit admonish adopt adorn advance advise advocate affect affirm afford aggregate
  agree aim align allege alleviate allocate allow allude alter alternate amaze amend amplify amuse analyse analyze animate
  annotate announce annoy answer anticipate apologize appear append applaud apply appoint appreciate apprehend approach
  archive argue arise arouse arrange arrest arrive articulate ascend ascertain ask aspire assassinate assemble assert assess
  assign assist assort assume assure attach attain attempt attend attract attribute augment authorize automate avoid await
  awaken bake balance bargain bark bathe be beat beckon become befriend beg begin behold believe benefit bestow betray bind
  bite blend bless bloom blow boast boil bolster bombard boost borrow bounce brag brainstorm break breathe brew brighten bring
  broaden browse brush build bury buy calculate calibrate cancel captivate capture caress carry carve cast catch categorize
  cease celebrate certify challenge characterize charge chase cheer cherish chew chill choose chop circulate cite claim
  clarify classify clean climb cling close clutch coach coax coexist collaborate collapse collect collide comb combat combine
  come commemorate commend commission commit communicate compare compel compensate compete compile complain complement
  complete comply compose comprehend compress comprise compromise compute conceal concede conceive concentrate conceptualize
  conclude condemn condense conduct confer confess confide configure confine confirm confront confuse congratulate conjure
  connect conquer conserve consider consist consolidate conspire constitute constrain construct consult consume contact
  contain contemplate contend contest continue contrast contribute contrive convert convey convince cook coordinate cope
  correct corroborate cough counsel count counter crack craft crash crawl create credit creep criticize critique crush cry
  culminate cultivate curl cut dare dazzle debug decay deceive decide decipher declare decline decode decompose decorate
  decrease dedicate deduce deem deepen defeat defend defer define defy degrade delegate delete deliberate delineate deliver
  delude delve demolish demonstrate denote deny depart depend depict deplete deploy depress deprive derive descend describe
  deserve designate detach detain detect deteriorate determine develop devise devote devour diagnose dictate die differentiate
  diffuse dig digest diminish dine dip direct disable disagree disappear discard discern discharge disclose discourage
  discover discuss dismantle dismiss disperse displace display dispose dispute disrupt dissect dissolve dissuade distinguish
  distract distribute disturb dive diversify divide divulge dodge dominate donate doubt download doze drag drain dramatize
  draw dread dress drink drive drop drown duplicate dwell earn ease eat eclipse economize edify edit educate elaborate elect
  electrify elevate elicit eliminate elude emanate embark embarrass embed embellish embody embolden embrace emerge emit
  emphasize employ empower emulate enable enact encapsulate enchant encompass encounter encourage endeavor endorse endow
  endure energize enforce engage engender engrave enhance enjoy enlarge enlighten enlist enliven enrage enrich enroll ensue
  ensure entail entangle enter entertain enthrall entice entrust enumerate envelop envision equip eradicate erase erect erode
  erupt escalate escape escort establish esteem estimate evade evaluate evaporate evoke evolve exaggerate examine exceed excel
  exchange exclaim exclude excuse execute exemplify exempt exercise exert exhale exhaust exhibit exist expand expect expedite
  expel experience expire explain exploit explore expose express extend extinguish extract extrapolate facilitate fade fail
  falter fancy fascinate fasten favor feast feed fetch fight fill finalize finance find finish fit fix flatter flee flicker
  flip float flourish flutter fly fold follow foresee foretell forge forget forgive form format formulate forsake fortify
  forward foster freeze frighten frown frustrate fry fulfil fulfill furnish fuse gain galvanize garner gather gaze generalize
  generate get give gleam glide glimpse glitter glow go govern grab graduate grant grasp greet grieve grind grip groan grow
  grumble guarantee guess guide halt hammer handcraft handle hang happen harm harmonize harness hasten hatch haul haunt heal
  hear heat heed help hesitate hide highlight hike hinder hinge hire hit hold hover hug humble hurl hurt hypothesize idealize
  identify idolize ignite ignore illuminate illustrate imagine imbue imitate immerse impart impede implement implore imply
  import impose impress imprint improve improvise incite incline include incorporate increase indicate induce indulge infer
  inflate inflict inform infuse inhabit inhale inherit inhibit initialize initiate inject injure innovate input inquire insert
  insist inspect inspire install instill instruct insulate insure integrate intend intensify interact intercept interfere
  interpret interrogate interrupt intervene interview intimidate intrigue introduce invade invent invert invest investigate
  invite invoke involve irritate isolate itemize iterate jeopardize join jot journey juggle jump justify juxtapose keep kill
  kindle kneel knit knock know lament launch lay lead learn leave legislate lend lessen leverage liberate lick lie lift liken
  limit linger list listen live locate lodge look loosen lose love lower magnify maintain make manage manipulate manufacture
  marinate mark marry marvel master match mature maximize mean measure mediate meditate meet melt memorize mention mentor
  merge mimic minimize misplace miss mitigate mix mobilize moderate modernize modify mold monitor motivate mount mourn move
  multiply multitask mumble murmur muse nail narrate narrow navigate need neglect negotiate nominate normalize note notice
  notify nourish nudge nurture obey oblige obscure observe obsess obtain occur offer offset omit ooze open operate oppose opt
  optimize orbit orchestrate order organize orient originate oust outline outsource overcome overhaul overlook override
  oversee overwhelm own pacify pack paint paraphrase pardon partake participate partition pass pay peek peel peer penetrate
  perceive perform permit perpetuate persevere persist personalize persuade pertain photograph pick picture pierce pinpoint
  pivot place plan plant play plead please plow pluck plunge polish ponder popularize populate portray pose position possess
  postpone postulate pounce pour practice praise preach precede precipitate preclude predict prefer preheat prepare prescribe
  present preserve preside press presume pretend prevail prevent prick print prioritize privatize proceed process proclaim
  procure produce progress prohibit prolong promote pronounce propagate propose prosper protect protest prove provide provoke
  prune publish pull punish purchase pursue push put quantify quell quench query question quit radiate raise rationalize
  rattle ravage reach react read reaffirm realign realize reap rearrange reassure rebel rebuild recall recap receive recite
  reclaim recline recognize recoil recommend reconcile reconsider reconstruct record recount recover recreate recruit rectify
  recur recycle redefine redesign redirect reduce reel reenact refactor refer refine reflect reform refrain refresh refuse
  refute regain regard register regret regulate rehearse reign reimagine reinforce reinvent reiterate reject rejoice relate
  relax relay release relieve relinquish relish relive relocate rely remain remember remind remove render renew renounce
  renovate rent reopen reorganize repair repay repeat repel rephrase replace replenish replicate report represent reprieve
  reprimand reproduce request require research resemble resent reserve reshape reside resign resist resolve resonate respect
  respond restart restore restrict restructure resume resurrect retain retaliate retell rethink retire retrieve return reveal
  revere revert review revise revitalize revive revolve rewrite rhyme rinse rip ripen rise roam rotate rouse rub ruin run rush
  sacrifice sail salute satisfy save savor say scale scan scare scatter schedule scold scoop scramble scrape scratch scrub
  scrutinize sculpt search secure seduce see seek seem segment seize select sell send separate serialize serve set settle sew
  shape share sharpen shatter shed shift shiver shoot shorten show shred shrink shudder shuffle shut signify simmer simplify
  simulate sing sink sit situate sketch skip slam slap slay sleep slice slow smash smooth snap snatch sneak sniff soak soar
  socialize soften solicit solidify solve soothe sort sow spare spawn speak spearhead specialize specify speculate spend spill
  split spoil sponsor sprinkle squeeze stabilize stack stalk stand standardize stare start startle state stay steer step
  stimulate stipulate stir stop straighten strategize streamline strengthen strive structure study stumble stun subdue submit
  subscribe subside subsidize substantiate substitute subtract succeed sue suffer suffice suggest summarize supersede
  supervise supplement supply support suppose suppress surmount surpass surrender surround survive suspend sustain swallow
  sway swear swim swirl switch symbolize sympathize synchronize synthesize systematize tabulate tackle tailor take talk tame
  taste teach telephone tell tempt tend terminate terrify test testify thank thaw theorize think threaten thrive throw tighten
  tire tolerate topple toss tout trace track train transcend transcribe transfer transform transition translate transmit
  transpire travel traverse treat tremble trim troubleshoot trust try tune turn tweak uncover undergo underline underscore
  understand undertake undo unfold unify unite unleash unlock unravel unveil unwind update upgrade uphold uplift uproot use
  usher utilize utter validate value vanish vary verify vibrate view violate visit visualise visualize wade wail wait wake
  walk wander wane want warm warn wash watch waver weaken wear weave weep weigh welcome weld whirl widen wield wilt win wipe
  wish withdraw wither withhold withstand witness wonder woo work worry wrap wreck wrestle write yearn yell yield zoom`;

const IRREGULAR = `based born brought built caught chosen drawn driven fallen found given gone hidden known led located lost made meant
  rooted seen set shown taken told written`;

/** Words with the ending of a gerund that are none. */
const NO_GERUNDS = `anything bring ceiling darling during evening everything king lightning morning nothing offspring ring sibling
  sing something spring sting string swing thing wing`;

const setOf = (...lists: readonly string[]) => new Set(lists.flatMap((list) => list.split(/\s+/)));

const VERBS = setOf(TO_BE, BASE, IRREGULAR);
const NOUNS = setOf(NO_GERUNDS);

/** Of a word in any case: whether it is known as a verb, or is a gerund. */
function isVerb(word: string): boolean {
  const small = word.toLowerCase();
  if (VERBS.has(small)) return true;
  return /^[a-z]{3,}ing$/.test(small) && !NOUNS.has(small);
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const CLUSTER = /[bcdfghjklmnpqrstvwxyz]{2}/;
const PRIMES = new Set([
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
]);

/** Which words there are, and how one follows another. */
export const wordRules = (rules: RuleSet): InstructionFamily => ({
  alphabet: () => followsAlphabet,
  vowel: () => (reply) => {
    const text = pythonStrip(reply);
    return !text.includes('\n') && new Set(text.toLowerCase().match(/[aeiou]/g)).size <= 3;
  },
  consonants: () => (reply) => pythonSplit(reply.toLowerCase()).every((word) => CLUSTER.test(word)),
  palindrome: () => (reply) => plainWords(reply).filter(isPalindrome).length >= 10,
  prime_lengths: () => (reply) =>
    pythonSplit(withoutMarks(reply)).every((word) => PRIMES.has(lengthOf(word))),
  start_verb: () => (reply) => isVerb(wordTokens(reply)[0] ?? ''),
  repeats: (kwargs) => {
    const most = numberOf(kwargs, 'small_n');
    return (reply) => [...countsOf(plainWords(reply)).values()].every((times) => times <= most);
  },
  odd_even_syllables: () => (reply) => {
    const all = plainWords(reply).map(isOdd);
    return all.every((odd, i) => i === 0 || odd !== all[i - 1]);
  },
  last_first: () => lastIsFirst(splitterOf(rules)),
  paragraph_last_first: () => (reply) =>
    reply.split('\n').every((line) => {
      const words = pythonSplit(trimMarks(pythonStrip(line).toLowerCase()));
      return words[0] === words.at(-1);
    }),
  no_consecutive: () => (reply) => {
    const firsts = plainWords(reply).map(firstOf);
    return firsts.every((letter, i) => i === 0 || letter !== firsts[i - 1]);
  },
  keywords_specific_position: (kwargs) => {
    const isKeyword = sameAs(textOf(kwargs, 'keyword'), rules);
    const [sentence, word] = [numberOf(kwargs, 'n'), numberOf(kwargs, 'm')];
    const sentences = splitterOf(rules);
    return (reply) => isKeyword(spokenTokens(sentences(reply)[sentence - 1] ?? '')[word - 1]);
  },
  words_position: (kwargs) => {
    const isKeyword = sameAs(textOf(kwargs, 'keyword'), rules);
    const tokens = rules === 'compat' ? wordTokens : spokenTokens;
    return (reply) => {
      const all = tokens(reply);
      return isKeyword(all[1]) && isKeyword(all.at(-2));
    };
  },
});

/** Each word begins with the letter behind that of the word before. */
function followsAlphabet(reply: string): boolean {
  const words = pythonSplit(trimMarks(withoutMarks(reply))).map((word) => word.toLowerCase());
  const start = ALPHABET.indexOf(words[0]?.[0] ?? ' ');
  return start !== -1 && words.every((word, i) => word[0] === ALPHABET[(start + i) % ALPHABET.length]);
}

function isPalindrome(word: string): boolean {
  const characters = [...word];
  return characters.length >= 5 && characters.toReversed().join('') === word;
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** A sentence begins with the last word of the one before. */
function lastIsFirst(sentences: (text: string) => readonly string[]): InstructionCheck {
  return (reply) => {
    const all = sentences(reply);
    return all.slice(1).every((sentence, i) => {
      const last = pythonSplit(trimMarksEnd(all[i]!)).at(-1)?.toLowerCase();
      return last !== undefined && last === pythonSplit(trimMarksStart(sentence))[0]?.toLowerCase();
    });
  };
}

/** Tokens that have a letter or a number. */
function spokenTokens(text: string): readonly string[] {
  return wordTokens(text).filter((token) => /[\p{L}\p{N}]/u.test(token));
}

/** The same word; under `compat` letter by letter. */
function sameAs(keyword: string, rules: RuleSet): (word: string | undefined) => boolean {
  if (rules === 'compat') return (word) => word === keyword;
  return (word) => word?.toLowerCase() === keyword.toLowerCase();
}
