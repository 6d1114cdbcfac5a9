import { describe, expect, it } from 'vitest';
import { detectLanguage } from './natural-language.ts';

/** The languages of IFEval's kwargs, and their neighbours in the same script. */
const TEXTS: readonly (readonly [code: string, text: string])[] = [
  ['en', 'Once there was a small house by the river, and nobody knew who had built it.'],
  ['en', 'Key points: revenue growth, market share, customer retention.'],
  ['en', 'HEADLINE: LOCAL TEAM WINS CHAMPIONSHIP AFTER DRAMATIC FINAL'],
  ['en', 'I am a cat.'],
  ['en', 'café prices are rising and the jalapeño soup is not what it was'],
  ['de', 'Der Hund schläft im Garten, während die Kinder mit dem Ball spielen.'],
  ['de', 'Rezept: Zwiebeln schneiden, Butter schmelzen und mit der Sahne verrühren.'],
  ['it', 'La ragazza ha comprato una bicicletta nuova per andare al lavoro ogni giorno.'],
  ['pt', 'A menina não quis comer a sopa porque estava muito quente naquele dia.'],
  ['es', 'La niña no quiso comer la sopa porque estaba muy caliente aquel día.'],
  ['fr', "L'enfant n'a pas voulu manger sa soupe parce qu'elle était trop chaude."],
  ['ca', 'La nena no va voler menjar la sopa perquè era massa calenta aquell dia.'],
  ['ro', 'Fetița nu a vrut să mănânce supa pentru că era prea fierbinte în acea zi.'],
  ['nl', 'Het meisje wilde de soep niet eten omdat die die dag veel te heet was.'],
  ['sv', 'Flickan ville inte äta soppan eftersom den var för varm den dagen.'],
  ['da', 'Pigen ville ikke spise suppen, fordi den var for varm, og hun gik ud uden at sige noget.'],
  ['no', 'Jenta ville ikke spise suppen fordi den var for varm, og hun gikk ut uten å si noe.'],
  ['fi', 'Tyttö ei halunnut syödä keittoa, koska se oli liian kuumaa sinä päivänä.'],
  ['et', 'Tüdruk ei tahtnud suppi süüa, sest see oli sel päeval liiga kuum.'],
  ['hu', 'A lány nem akarta megenni a levest, mert aznap túl forró volt.'],
  ['pl', 'Dziewczynka nie chciała jeść zupy, ponieważ tego dnia była za gorąca.'],
  ['cs', 'Dívka nechtěla jíst polévku, protože byla ten den příliš horká.'],
  ['tr', 'Kız o gün çorbayı içmek istemedi çünkü çok sıcaktı.'],
  ['id', 'Anak itu tidak mau makan sup karena terlalu panas pada hari itu.'],
  ['tl', 'Ayaw kainin ng bata ang sabaw dahil mainit ito noong araw na iyon.'],
  ['sw', 'Msichana huyo hakutaka kula supu kwa sababu ilikuwa moto sana siku hiyo.'],
  ['sw', 'Shairi hili ni la watoto wa shule, na kila mtu anapenda kulisoma wakati wa likizo.'],
  ['vi', 'Cô bé không muốn ăn canh vì hôm đó trời quá nóng và cô thấy mệt.'],
  ['ru', 'Девочка не хотела есть суп, потому что в тот день он был слишком горячим.'],
  ['uk', 'Дівчинка не хотіла їсти суп, бо того дня він був надто гарячий.'],
  ['bg', 'Момичето не искаше да яде супата, защото този ден беше твърде гореща.'],
  ['mk', 'Девојчето не сакаше да ја јаде супата бидејќи тој ден беше многу жешка.'],
  ['ar', 'لم ترغب الفتاة في تناول الحساء لأنه كان ساخنا جدا في ذلك اليوم.'],
  ['fa', 'دختر نمی‌خواست سوپ را بخورد زیرا آن روز بسیار داغ بود و او خسته شده بود.'],
  ['ur', 'لڑکی سوپ نہیں پینا چاہتی تھی کیونکہ اس دن وہ بہت گرم تھا۔'],
  ['hi', 'लड़की सूप नहीं पीना चाहती थी क्योंकि उस दिन वह बहुत गर्म था।'],
  ['mr', 'मुलीला सूप प्यायचे नव्हते कारण त्या दिवशी ते खूप गरम होते आणि ती थकली होती.'],
  ['ne', 'केटीले सूप खान चाहिनन् किनभने त्यो दिन निकै तातो थियो र उनी थाकेकी थिइन्।'],
  ['bn', 'মেয়েটি স্যুপ খেতে চায়নি কারণ সেদিন সেটি খুব গরম ছিল।'],
  ['gu', 'છોકરીને સૂપ પીવો ન હતો કારણ કે તે દિવસે તે ખૂબ ગરમ હતો.'],
  ['pa', 'ਕੁੜੀ ਸੂਪ ਨਹੀਂ ਪੀਣਾ ਚਾਹੁੰਦੀ ਸੀ ਕਿਉਂਕਿ ਉਹ ਬਹੁਤ ਗਰਮ ਸੀ।'],
  ['kn', 'ಹುಡುಗಿ ಸೂಪ್ ಕುಡಿಯಲು ಬಯಸಲಿಲ್ಲ ಏಕೆಂದರೆ ಅದು ತುಂಬಾ ಬಿಸಿಯಾಗಿತ್ತು.'],
  ['ta', 'அந்தப் பெண் சூப் குடிக்க விரும்பவில்லை, ஏனெனில் அது மிகவும் சூடாக இருந்தது.'],
  ['te', 'ఆ అమ్మాయి సూప్ తాగడానికి ఇష్టపడలేదు ఎందుకంటే అది చాలా వేడిగా ఉంది.'],
  ['ml', 'പെൺകുട്ടിക്ക് സൂപ്പ് കുടിക്കാൻ ഇഷ്ടമായിരുന്നില്ല.'],
  ['th', 'เด็กหญิงไม่อยากกินซุปเพราะวันนั้นมันร้อนเกินไป'],
  ['ko', '소녀는 그날 수프가 너무 뜨거워서 먹고 싶어하지 않았다.'],
  ['ja', '少女はその日、スープが熱すぎたので食べたくなかった。'],
  ['zh-cn', '这个女孩说她还没有学习过这门语言。'],
  ['zh-tw', '這個女孩說她還沒有學習過這門語言。'],
  ['el', 'Το κορίτσι δεν ήθελε να φάει τη σούπα.'],
  ['he', 'הילדה לא רצתה לאכול את המרק.'],
];

describe('detectLanguage', () => {
  it.each(TEXTS)('%s: %s', (code, text) => {
    expect(detectLanguage(text)).toBe(code);
    expect(detectLanguage(text.toUpperCase())).toBe(code);
  });

  it('leaves out names in Latin letters, but not a translation that is longer', () => {
    const hindi = 'लड़की सूप नहीं पीना चाहती थी क्योंकि उस दिन वह बहुत गर्म था।';
    expect(detectLanguage(`${hindi} (Netflix, YouTube)`)).toBe('hi');
    expect(detectLanguage(`${hindi} ${TEXTS[0]![1].repeat(3)}`)).toBe('en');
  });

  it.each(['', '123', '!?… ——', 'https://example.org/what-is-this', 'me@example.org', 'ქართული ენა', '😀😀'])(
    'cannot tell of %j',
    (text) => expect(detectLanguage(text)).toBeUndefined(),
  );
});
