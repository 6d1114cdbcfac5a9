import type { DatasetType } from '../../contract/dataset.ts';
import { toGsm8kRow } from './math.ts';

/**
 * Our own word problems for the demo: they ship with the package, so a first run needs no download. They copy the form of
 * GSM8K's rows (steps with `<<expression=value>>`, a last line `#### N`) and none of its text.
 */

export interface DemoProblem {
  /** One paragraph without line breaks. */
  readonly question: string;
  /** Lines of reasoning, each calculation annotated as `<<expression=value>>`, and a last line `#### N`. */
  readonly answer: string;
}

function problem(question: string, ...answerLines: string[]): DemoProblem {
  return { question, answer: answerLines.join('\n') };
}

/** Worked examples for few-shot prompts; none of them is asked. */
export const DEMO_TRAIN: readonly DemoProblem[] = [
  problem(
    'A bakery bakes 6 trays of 12 rolls each morning. Before noon it sells 40 rolls, and in the afternoon it sells half of the rolls that are left. How many rolls remain at closing time?',
    'The bakery bakes 6 * 12 = <<6*12=72>>72 rolls.',
    'After the morning 72 - 40 = <<72-40=32>>32 rolls are left.',
    'Half of them stay, so 32 / 2 = <<32/2=16>>16 rolls remain.',
    '#### 16',
  ),
  problem(
    'Jonas has 5 bags with 14 marbles in each. He gives 9 marbles to each of his 4 friends and then buys 2 more bags of the same size. How many marbles does he have in the end?',
    'At first Jonas has 5 * 14 = <<5*14=70>>70 marbles.',
    'He gives away 9 * 4 = <<9*4=36>>36 marbles.',
    'That leaves 70 - 36 = <<70-36=34>>34 marbles.',
    'The new bags hold 2 * 14 = <<2*14=28>>28 marbles.',
    'In the end he has 34 + 28 = <<34+28=62>>62 marbles.',
    '#### 62',
  ),
  problem(
    'A gym charges $25 a month and a joining fee of $40 that is paid once. New members pay half of the monthly price for their first 2 months. How many dollars does a new member pay in the first 12 months?',
    'A reduced month costs 25 / 2 = $<<25/2=12.5>>12.50.',
    'The two reduced months cost 12.5 * 2 = $<<12.5*2=25>>25.',
    'There are 12 - 2 = <<12-2=10>>10 months at full price.',
    'They cost 10 * 25 = $<<10*25=250>>250.',
    'With the fee that makes 25 + 250 + 40 = $<<25+250+40=315>>315.',
    '#### 315',
  ),
  problem(
    'Maya rides a route of 60 km. She cycles at 12 km an hour for 2 hours and then at 16 km an hour for 1.5 hours. How many kilometres does she still have to ride?',
    'In the first part she rides 12 * 2 = <<12*2=24>>24 km.',
    'In the second part she rides 16 * 1.5 = <<16*1.5=24>>24 km.',
    'Together that is 24 + 24 = <<24+24=48>>48 km.',
    'She still has 60 - 48 = <<60-48=12>>12 km to ride.',
    '#### 12',
  ),
  problem(
    'A youth orchestra has 24 violins, half as many cellos as violins, and 4 fewer flutes than cellos. How many of these instruments does it have altogether?',
    'It has 24 / 2 = <<24/2=12>>12 cellos.',
    'It has 12 - 4 = <<12-4=8>>8 flutes.',
    'Altogether that is 24 + 12 + 8 = <<24+12+8=44>>44 instruments.',
    '#### 44',
  ),
  problem(
    'Each of the 5 people in a household uses 110 litres of water a day. New taps lower the use of the whole household by 20%. How many litres does the household use in 30 days with the new taps?',
    'Before, the household uses 5 * 110 = <<5*110=550>>550 litres a day.',
    'The taps save 550 * 0.2 = <<550*0.2=110>>110 litres a day.',
    'Now it uses 550 - 110 = <<550-110=440>>440 litres a day.',
    'In 30 days that is 440 * 30 = <<440*30=13200>>13,200 litres.',
    '#### 13,200',
  ),
  problem(
    'In a class of 30 pupils, two fifths play football. One third of the other pupils play chess, and the rest play neither. How many pupils play neither?',
    'Football is played by 30 * 2 / 5 = <<30*2/5=12>>12 pupils.',
    'The others are 30 - 12 = <<30-12=18>>18 pupils.',
    'Chess is played by 18 / 3 = <<18/3=6>>6 of them.',
    'Neither is played by 18 - 6 = <<18-6=12>>12 pupils.',
    '#### 12',
  ),
  problem(
    'A box holds 48 chocolates. Their father eats a quarter of them, and 4 children share the rest equally. How many chocolates does each child get?',
    'The father eats 48 / 4 = <<48/4=12>>12 chocolates.',
    'The rest is 48 - 12 = <<48-12=36>>36 chocolates.',
    'Each child gets 36 / 4 = <<36/4=9>>9 chocolates.',
    '#### 9',
  ),
];

/** The problems that the demo asks. The embedded service keeps its own answers to them (`engine/answers.ts`). */
export const DEMO_TEST: readonly DemoProblem[] = [
  problem(
    'Priya reads 18 pages of a novel on every weekday and 30 pages on each day of the weekend. How many pages does she read in 3 weeks?',
    'On weekdays she reads 18 * 5 = <<18*5=90>>90 pages a week.',
    'On the weekend she reads 30 * 2 = <<30*2=60>>60 pages.',
    'In a week that is 90 + 60 = <<90+60=150>>150 pages.',
    'In 3 weeks she reads 150 * 3 = <<150*3=450>>450 pages.',
    '#### 450',
  ),
  problem(
    'A ferry has room for 24 cars and makes 7 crossings a day. On Friday two of the crossings ran half full, and all the others were full. How many cars did the ferry carry on Friday?',
    'There were 7 - 2 = <<7-2=5>>5 full crossings.',
    'They carried 5 * 24 = <<5*24=120>>120 cars.',
    'A half full crossing carries 24 / 2 = <<24/2=12>>12 cars.',
    'The two of them carried 12 * 2 = <<12*2=24>>24 cars.',
    'Altogether that is 120 + 24 = <<120+24=144>>144 cars.',
    '#### 144',
  ),
  problem(
    "Tom's rain barrel holds 90 litres. On Monday it is one third full. Rain adds 25 litres on Tuesday, and on Wednesday Tom uses 14 litres for the garden. How many more litres are needed to fill the barrel?",
    'On Monday the barrel holds 90 / 3 = <<90/3=30>>30 litres.',
    'After the rain it holds 30 + 25 = <<30+25=55>>55 litres.',
    'After watering it holds 55 - 14 = <<55-14=41>>41 litres.',
    'To fill it, 90 - 41 = <<90-41=49>>49 litres are needed.',
    '#### 49',
  ),
  problem(
    'A jacket costs $80. The shop takes 25% off, and then a coupon takes another $6 off. Lena pays with a $100 bill. How many dollars does she get back?',
    'The shop takes off 80 * 0.25 = $<<80*0.25=20>>20.',
    'The price is then 80 - 20 = $<<80-20=60>>60.',
    'With the coupon she pays 60 - 6 = $<<60-6=54>>54.',
    'She gets back 100 - 54 = $<<100-54=46>>46.',
    '#### 46',
  ),
  problem(
    'Three friends pick apples. Ben picks 22 apples, Ana picks 15 more than Ben, and Carl picks twice as many as Ana. How many apples do they pick altogether?',
    'Ana picks 22 + 15 = <<22+15=37>>37 apples.',
    'Carl picks 37 * 2 = <<37*2=74>>74 apples.',
    'Altogether they pick 22 + 37 + 74 = <<22+37+74=133>>133 apples.',
    '#### 133',
  ),
  problem(
    'A train starts with 180 passengers. At the first stop 45 of them leave and 28 people board. At the second stop 52 passengers leave and 17 people board. How many passengers are on the train after the second stop?',
    'After 45 leave, 180 - 45 = <<180-45=135>>135 passengers are left.',
    'With those who board there are 135 + 28 = <<135+28=163>>163 passengers.',
    'At the second stop 163 - 52 = <<163-52=111>>111 passengers stay.',
    'With those who board there are 111 + 17 = <<111+17=128>>128 passengers.',
    '#### 128',
  ),
  problem(
    'A printer prints 24 pages a minute. It has to print 5 copies of a report of 96 pages. Paper must be refilled after the second copy and again after the fourth, and each refill takes 3 minutes. How many minutes does the whole job take?',
    'The copies have 96 * 5 = <<96*5=480>>480 pages.',
    'Printing them takes 480 / 24 = <<480/24=20>>20 minutes.',
    'The refills take 2 * 3 = <<2*3=6>>6 minutes.',
    'The whole job takes 20 + 6 = <<20+6=26>>26 minutes.',
    '#### 26',
  ),
  problem(
    'Marco saves $35 a week for 8 weeks. Then he spends $120 on shoes and gives a quarter of what is left to his sister. How many dollars does he still have?',
    'Marco saves 35 * 8 = $<<35*8=280>>280.',
    'After buying the shoes he has 280 - 120 = $<<280-120=160>>160.',
    'His sister gets 160 / 4 = $<<160/4=40>>40.',
    'He still has 160 - 40 = $<<160-40=120>>120.',
    '#### 120',
  ),
  problem(
    'The lower ring of a stadium has 45 rows of 60 seats, and the upper ring has 30 rows of 50 seats. At a match 350 seats stay empty. How many seats are taken?',
    'The lower ring has 45 * 60 = <<45*60=2700>>2,700 seats.',
    'The upper ring has 30 * 50 = <<30*50=1500>>1,500 seats.',
    'Together they have 2700 + 1500 = <<2700+1500=4200>>4,200 seats.',
    'Taken are 4200 - 350 = <<4200-350=3850>>3,850 seats.',
    '#### 3,850',
  ),
  problem(
    'On a farm 14 hens lay 5 eggs a week each, and 9 other hens lay 6 eggs a week each. The farmer keeps 10 eggs a week and sells the rest in boxes of 6 for $3 a box. How many dollars does he earn in a week?',
    'The first hens lay 14 * 5 = <<14*5=70>>70 eggs.',
    'The other hens lay 9 * 6 = <<9*6=54>>54 eggs.',
    'Together they lay 70 + 54 = <<70+54=124>>124 eggs.',
    'The farmer sells 124 - 10 = <<124-10=114>>114 of them.',
    'They fill 114 / 6 = <<114/6=19>>19 boxes.',
    'He earns 19 * 3 = $<<19*3=57>>57.',
    '#### 57',
  ),
  problem(
    'Nina walks 1.5 km to school and the same way back on each of the 5 school days. On Tuesdays and Thursdays she also walks 2 km to her club and 2 km back. How many kilometres does she walk in a school week?',
    'On a school day she walks 1.5 * 2 = <<1.5*2=3>>3 km.',
    'In 5 days that is 3 * 5 = <<3*5=15>>15 km.',
    'A visit to the club adds 2 + 2 = <<2+2=4>>4 km.',
    'Two visits add 4 * 2 = <<4*2=8>>8 km.',
    'In the week she walks 15 + 8 = <<15+8=23>>23 km.',
    '#### 23',
  ),
  problem(
    'Two pipes fill a tank of 300 litres that is empty at first. One brings 12 litres a minute and the other 8 litres a minute, but a leak loses 5 litres a minute. How many minutes does it take until the tank is full?',
    'The pipes bring 12 + 8 = <<12+8=20>>20 litres a minute.',
    'With the leak 20 - 5 = <<20-5=15>>15 litres a minute stay in the tank.',
    'Filling it takes 300 / 15 = <<300/15=20>>20 minutes.',
    '#### 20',
  ),
  problem(
    'Sam is 4 times as old as his daughter. In 6 years their ages will add up to 62. How old is Sam now?',
    'In 6 years both are older, by 6 * 2 = <<6*2=12>>12 years together.',
    'Now their ages add up to 62 - 12 = <<62-12=50>>50.',
    'The daughter is one part and Sam is 4 parts, 1 + 4 = <<1+4=5>>5 parts.',
    'One part is 50 / 5 = <<50/5=10>>10 years.',
    'Sam is 10 * 4 = <<10*4=40>>40 years old.',
    '#### 40',
  ),
  problem(
    'A pancake recipe for 6 people needs 450 g of flour. A cook wants to make it for exactly 20 people and has 680 g of flour at home. How many more grams of flour does the cook need?',
    'One person needs 450 / 6 = <<450/6=75>>75 g.',
    'Twenty people need 75 * 20 = <<75*20=1500>>1,500 g.',
    'The cook needs 1500 - 680 = <<1500-680=820>>820 g more.',
    '#### 820',
  ),
  problem(
    'A theatre sells tickets for $18 to adults and for $11 to children. On Saturday 140 adults and 85 children come, and the evening costs the theatre $1,200. How many dollars are left after the costs?',
    'The adults pay 140 * 18 = $<<140*18=2520>>2,520.',
    'The children pay 85 * 11 = $<<85*11=935>>935.',
    'Together they pay 2520 + 935 = $<<2520+935=3455>>3,455.',
    'After the costs 3455 - 1200 = $<<3455-1200=2255>>2,255 are left.',
    '#### 2255',
  ),
  problem(
    'A tablet that is fully charged loses 8 percent of its full charge in every hour of video and 3 percent in every hour of standby. It plays video for 5 hours and stands by for 7 hours. How many percent of the charge are left?',
    'The video uses 5 * 8 = <<5*8=40>>40 percent.',
    'Standby uses 7 * 3 = <<7*3=21>>21 percent.',
    'Together that is 40 + 21 = <<40+21=61>>61 percent.',
    'Left are 100 - 61 = <<100-61=39>>39 percent.',
    '#### 39',
  ),
  problem(
    'A carpenter has 6 boards, each 240 cm long, and cuts shelves of 50 cm from them. Pieces cannot be glued together. How many shelves can the carpenter cut?',
    'Four shelves use 4 * 50 = <<4*50=200>>200 cm of a board.',
    'The 240 - 200 = <<240-200=40>>40 cm that are left are too short for another.',
    'The 6 boards give 6 * 4 = <<6*4=24>>24 shelves.',
    '#### 24',
  ),
  problem(
    'A fence runs all the way around a rectangular garden that is 18 m long and 12 m wide. There is a post every 3 m, and each post costs $7. How many dollars do the posts cost?',
    'The fence is 2 * (18 + 12) = <<2*(18+12)=60>>60 m long.',
    'Because it closes on itself it has 60 / 3 = <<60/3=20>>20 posts.',
    'They cost 20 * 7 = $<<20*7=140>>140.',
    '#### 140',
  ),
  problem(
    'Ella earns $16 an hour for the first 40 hours of a week and one and a half times as much for every hour after that. How many dollars does she earn in a week of 46 hours?',
    'For the first hours she earns 40 * 16 = $<<40*16=640>>640.',
    'An hour after that pays 16 * 1.5 = $<<16*1.5=24>>24.',
    'There are 46 - 40 = <<46-40=6>>6 of them.',
    'They pay 6 * 24 = $<<6*24=144>>144.',
    'She earns 640 + 144 = $<<640+144=784>>784.',
    '#### 784',
  ),
  problem(
    'A phone costs $600. The shop raises the price by 20%, and a month later it lowers the new price by 20%. How many dollars does the phone cost then?',
    'The rise is 600 * 0.2 = $<<600*0.2=120>>120.',
    'The new price is 600 + 120 = $<<600+120=720>>720.',
    'The cut is 720 * 0.2 = $<<720*0.2=144>>144.',
    'The phone then costs 720 - 144 = $<<720-144=576>>576.',
    '#### 576',
  ),
  problem(
    'A library has 1,860 books and buys 240 new ones. After that it gives away 15% of all its books. How many books does it have then?',
    'With the new ones it has 1860 + 240 = <<1860+240=2100>>2,100 books.',
    'It gives away 2100 * 0.15 = <<2100*0.15=315>>315 books.',
    'Then it has 2100 - 315 = <<2100-315=1785>>1,785 books.',
    '#### 1,785',
  ),
  problem(
    'A school hires 3 buses with 52 seats each for a trip. 5 classes of 27 pupils and 8 teachers come along. How many seats stay free?',
    'The buses have 3 * 52 = <<3*52=156>>156 seats.',
    'There are 5 * 27 = <<5*27=135>>135 pupils.',
    'With the teachers that is 135 + 8 = <<135+8=143>>143 people.',
    'Free are 156 - 143 = <<156-143=13>>13 seats.',
    '#### 13',
  ),
  problem(
    'On a track of 400 m Ines runs 4 laps in 2 minutes each, rests for 5 minutes, and then runs 4 laps in 3 minutes each. The rest does not count. How many metres a minute does she run on average while she is running?',
    'The first laps take 4 * 2 = <<4*2=8>>8 minutes.',
    'The last laps take 4 * 3 = <<4*3=12>>12 minutes.',
    'She runs for 8 + 12 = <<8+12=20>>20 minutes.',
    'She runs (4 + 4) * 400 = <<(4+4)*400=3200>>3,200 m.',
    'On average that is 3200 / 20 = <<3200/20=160>>160 m a minute.',
    '#### 160',
  ),
  problem(
    'A gardener plants 7 rows of 16 tomato plants. One eighth of the plants die, and each of the others gives 3 kg of tomatoes. A kilogram sells for $2. How many dollars do all the tomatoes bring?',
    'There are 7 * 16 = <<7*16=112>>112 plants.',
    'Of these 112 / 8 = <<112/8=14>>14 die.',
    'The other 112 - 14 = <<112-14=98>>98 plants live.',
    'They give 98 * 3 = <<98*3=294>>294 kg.',
    'The tomatoes bring 294 * 2 = $<<294*2=588>>588.',
    '#### 588',
  ),
  problem(
    'A red candle is 24 cm tall and burns down by 2 cm an hour. A white candle is 30 cm tall and burns down by 3 cm an hour. Both are lit at the same moment. After 5 hours, how many centimetres is the white candle taller than the red one?',
    'The red candle loses 2 * 5 = <<2*5=10>>10 cm.',
    'It is then 24 - 10 = <<24-10=14>>14 cm tall.',
    'The white candle loses 3 * 5 = <<3*5=15>>15 cm.',
    'It is then 30 - 15 = <<30-15=15>>15 cm tall.',
    'The difference is 15 - 14 = <<15-14=1>>1 cm.',
    '#### 1',
  ),
  problem(
    'A warehouse receives 12 pallets with 40 boxes on each, and every box holds 24 cans. 5% of all the cans are damaged. How many cans are not damaged?',
    'There are 12 * 40 = <<12*40=480>>480 boxes.',
    'They hold 480 * 24 = <<480*24=11520>>11,520 cans.',
    'Damaged are 11520 * 0.05 = <<11520*0.05=576>>576 cans.',
    'Not damaged are 11520 - 576 = <<11520-576=10944>>10,944 cans.',
    '#### 10,944',
  ),
  problem(
    'A jar holds 48 coins, all of them quarters of 25 cents or dimes of 10 cents. There are 3 times as many quarters as dimes. How many cents are in the jar?',
    'For each dime there are 3 quarters, a group of 1 + 3 = <<1+3=4>>4 coins.',
    'So there are 48 / 4 = <<48/4=12>>12 dimes.',
    'There are 12 * 3 = <<12*3=36>>36 quarters.',
    'The quarters are worth 36 * 25 = <<36*25=900>>900 cents.',
    'The dimes are worth 12 * 10 = <<12*10=120>>120 cents.',
    'Together that is 900 + 120 = <<900+120=1020>>1,020 cents.',
    '#### 1020',
  ),
  problem(
    'A wall is 6 m wide and 4 m high and has a window of 2 m by 1.5 m that is not painted. The wall gets two coats of paint, and one litre covers 7 square metres. How many litres of paint are needed?',
    'The wall with its window measures 6 * 4 = <<6*4=24>>24 square metres.',
    'The window measures 2 * 1.5 = <<2*1.5=3>>3 square metres.',
    'Painted are 24 - 3 = <<24-3=21>>21 square metres.',
    'Two coats cover 21 * 2 = <<21*2=42>>42 square metres.',
    'They need 42 / 7 = <<42/7=6>>6 litres.',
    '#### 6',
  ),
];

/** Our own problems in GSM8K's form and columns: they ship with the package, so a first run needs no download. */
export const DemoGSM8KDataset: DatasetType = {
  name: 'DemoGSM8KDataset',
  async load() {
    return { train: toRows(DEMO_TRAIN, 'train'), test: toRows(DEMO_TEST, 'test') };
  },
};

function toRows(problems: readonly DemoProblem[], split: string) {
  return problems.map((problem, index) => toGsm8kRow({ ...problem }, `demo ${split} problem ${index}`));
}
