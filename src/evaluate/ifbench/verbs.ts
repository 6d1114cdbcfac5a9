/**
 * Whether the first word of a reply is a verb. Upstream asks nltk's tagger, a model of 6 MB that also looks at the words behind; here it is a
 * list of the verbs that replies begin with, and the ending -ing.
 */

const TO_BE = 'am is are was were be been being have has had having do does did doing done let lets';

/** Base forms, which are told to do something, or are what is told: `Consider …`, `Imagine …`. */
const BASE = `abandon accept accelerate accomplish achieve acknowledge acquire act adapt add address adhere adjust admire admit adopt
  advance advise advocate aim align allocate allow alter amplify analyze analyse announce answer anticipate apologize appear apply
  appreciate approach arrange arrive articulate ascertain ask assemble assert assess assign assist assume assure attach attain attempt
  attend avoid awaken bake balance be become beg begin behold believe bind blend boil borrow break breathe bring broaden brush build buy
  calculate calibrate capture carry carve catch categorize celebrate challenge choose chop circulate cite claim clarify classify
  clean climb close collaborate collect combine come commit communicate compare compile complete compose compute conclude conduct
  configure confirm connect consider consist consolidate construct consult contact contain contemplate continue contribute
  convert convey convince cook coordinate correct count craft create cultivate cut decide declare decorate deduce define delegate
  delete deliver delve demonstrate deny depend deploy derive descend describe deserve designate detect determine develop devise
  differentiate dig dip disable discard discover discuss display distinguish distribute dive divide download drag draw drink
  drive drop earn eat edit educate elaborate elevate eliminate embark embed embrace emerge emphasize employ empower enable
  encourage engage enhance enjoy ensure enter envision establish estimate evaluate evolve examine excel execute exemplify
  expand expect experience explain explore express extend extract facilitate fetch fill finalize find finish fix fly foster fold follow
  forget form format formulate forward foster gather gaze generate get give go grab grant grasp greet grow guarantee guess guide handle
  happen harness hear heat help highlight hold identify ignite illuminate illustrate imagine immerse implement import improve incorporate
  increase indicate infer inform initialize initiate input insert inspect inspire install integrate interpret introduce invest investigate
  invite involve iterate join journey jump justify keep know launch lay lead learn leave lend leverage lie lift list listen live
  look lose love lower maintain make manage mark master match maximize measure meet melt memorize mention merge minimize mitigate
  mix modify monitor move multiply navigate need negotiate note notice nurture observe obtain occur offer open operate optimize order
  organize outline overcome own pack paint participate pass pay perform persuade pick picture place plan plant play ponder pose position
  postpone pour practice predict prefer prepare present preserve press pretend prevent print prioritize proceed process produce
  promote propose protect prove provide pull purchase pursue push put question raise reach react read realize recall receive
  recognize recommend reconsider record recreate reduce refactor refer refine reflect regard regulate reiterate reject relate
  relax release rely remain remember remind remove render repeat rephrase replace report represent request require research reserve resolve
  respect respond restart restore retain rethink retrieve return reveal review revise rewrite rinse rise run save say scale scan schedule
  search see seek seem select sell send separate serve set settle shape share shift show signify simplify simulate sing sit
  sketch skip sleep slice solve sort speak specify spend split sprinkle stand start state stay steer step stir stop strengthen
  strive structure study submit substitute subtract succeed suggest summarize supply support suppose surround sustain swim
  switch take talk tackle taste teach tell tend test thank think throw toss trace track train transfer transform translate travel treat
  trust try turn uncover understand undertake unleash unlock unveil update upgrade use utilize validate value vary verify view visit
  visualize wait wake walk want warm wash watch weave weigh welcome wish witness wonder work worry wrap write yield`;

const IRREGULAR = `based born brought built caught chosen drawn driven fallen found given gone hidden known led located lost made meant
  rooted seen set shown taken told written`;

/** Words with the ending of a gerund that are none. */
const NO_GERUNDS = `anything bring ceiling darling during evening everything king lightning morning nothing offspring ring sibling
  sing something spring sting string swing thing wing`;

const setOf = (...lists: readonly string[]) => new Set(lists.flatMap((list) => list.split(/\s+/)));

const VERBS = setOf(TO_BE, BASE, IRREGULAR);
const NOUNS = setOf(NO_GERUNDS);

/** Of a word in any case: whether it is known as a verb, or is a gerund. */
export function isVerb(word: string): boolean {
  const small = word.toLowerCase();
  if (VERBS.has(small)) return true;
  return /^[a-z]{3,}ing$/.test(small) && !NOUNS.has(small);
}
