// What the MMLU configs share.

/** Subject → its area and how many questions its test split has. */
export const subjects = {
  abstract_algebra: ['stem', 100],
  anatomy: ['stem', 135],
  astronomy: ['stem', 152],
  business_ethics: ['other', 100],
  clinical_knowledge: ['other', 265],
  college_biology: ['stem', 144],
  college_chemistry: ['stem', 100],
  college_computer_science: ['stem', 100],
  college_mathematics: ['stem', 100],
  college_medicine: ['other', 173],
  college_physics: ['stem', 102],
  computer_security: ['stem', 100],
  conceptual_physics: ['stem', 235],
  econometrics: ['social-science', 114],
  electrical_engineering: ['stem', 145],
  elementary_mathematics: ['stem', 378],
  formal_logic: ['humanities', 126],
  global_facts: ['other', 100],
  high_school_biology: ['stem', 310],
  high_school_chemistry: ['stem', 203],
  high_school_computer_science: ['stem', 100],
  high_school_european_history: ['humanities', 165],
  high_school_geography: ['social-science', 198],
  high_school_government_and_politics: ['social-science', 193],
  high_school_macroeconomics: ['social-science', 390],
  high_school_mathematics: ['stem', 270],
  high_school_microeconomics: ['social-science', 238],
  high_school_physics: ['stem', 151],
  high_school_psychology: ['social-science', 545],
  high_school_statistics: ['stem', 216],
  high_school_us_history: ['humanities', 204],
  high_school_world_history: ['humanities', 237],
  human_aging: ['other', 223],
  human_sexuality: ['social-science', 131],
  international_law: ['humanities', 121],
  jurisprudence: ['humanities', 108],
  logical_fallacies: ['humanities', 163],
  machine_learning: ['stem', 112],
  management: ['other', 103],
  marketing: ['other', 234],
  medical_genetics: ['other', 100],
  miscellaneous: ['other', 783],
  moral_disputes: ['humanities', 346],
  moral_scenarios: ['humanities', 895],
  nutrition: ['other', 306],
  philosophy: ['humanities', 311],
  prehistory: ['humanities', 324],
  professional_accounting: ['other', 282],
  professional_law: ['humanities', 1534],
  professional_medicine: ['other', 272],
  professional_psychology: ['social-science', 612],
  public_relations: ['social-science', 110],
  security_studies: ['social-science', 245],
  sociology: ['social-science', 201],
  us_foreign_policy: ['social-science', 100],
  virology: ['other', 166],
  world_religions: ['humanities', 171],
};

/** An entry a subject; `ask` makes its infer_cfg and eval_cfg of the subject's name in words. */
export function entries(ask) {
  return Object.keys(subjects).map((name) => ({
    abbr: `lukaemon_mmlu_${name}`,
    type: 'MMLUDataset',
    path: 'ais_bench/datasets/mmlu',
    name,
    reader_cfg: {
      input_columns: ['input', 'A', 'B', 'C', 'D'],
      output_column: 'target', // kept as the reference, never shown with the asked question
      train_split: 'dev',
      test_split: 'test',
    },
    ...ask(name.replaceAll('_', ' ')),
  }));
}

/** A question with its options. */
export const question = '{input}\nA. {A}\nB. {B}\nC. {C}\nD. {D}';

/** The five worked examples of the subject. */
export const examples = { type: 'FixKRetriever', fix_id_list: [0, 1, 2, 3, 4] };
