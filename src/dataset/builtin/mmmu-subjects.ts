/** The 30 subjects of MMMU in its six disciplines, as its paper has them. */
const DISCIPLINES: Readonly<Record<string, string>> = {
  'Art & Design': 'Art Art_Theory Design Music',
  Business: 'Accounting Economics Finance Manage Marketing',
  Science: 'Biology Chemistry Geography Math Physics',
  'Health & Medicine':
    'Basic_Medical_Science Clinical_Medicine Diagnostics_and_Laboratory_Medicine Pharmacy Public_Health',
  'Humanities & Social Science': 'History Literature Psychology Sociology',
  'Tech & Engineering':
    'Agriculture Architecture_and_Engineering Computer_Science Electronics Energy_and_Power Materials Mechanical_Engineering',
};

const BY_SUBJECT: ReadonlyMap<string, string> = new Map(
  Object.entries(DISCIPLINES).flatMap(([discipline, subjects]) =>
    subjects.split(' ').map((subject) => [subject, discipline] as const),
  ),
);

/** In the order of the alphabet, as AISBench asks them. */
export const SUBJECTS: readonly string[] = [...BY_SUBJECT.keys()].sort();

/** The discipline of a subject; undefined for any other name. */
export function disciplineOf(subject: string): string | undefined {
  return BY_SUBJECT.get(subject);
}
