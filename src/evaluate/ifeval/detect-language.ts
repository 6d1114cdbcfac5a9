/**
 * The language of a text, in place of Python's langdetect that upstream asks. It answers with one of langdetect's codes, by
 * the script where that is enough and by frequent words and letters where languages share it. Texts of a few sentences in
 * a language of IFEval's kwargs come out as langdetect has them. It can differ in texts of a few words, in mixed ones,
 * between close neighbours (Danish and Norwegian, Croatian and Slovene, Hindi and Nepali in headlines), and in a text all
 * in capitals or without frequent words: that is English here, where langdetect draws by chance and often names another.
 */

/** By language code of langdetect (ISO 639-1): what distinguishes it from others in the same script. */
type LanguageFacts = Readonly<Record<string, LanguageFact>>;

interface LanguageFact {
  /** Lower-case letters besides a to z. */
  readonly letters: string;
  /** Its most frequent words, lower-case, the first the most frequent. */
  readonly words: string;
}

/** A language with its words by weight and the groups of three letters that are in them. */
interface Profile {
  readonly code: string;
  readonly letters: ReadonlySet<string>;
  readonly weights: ReadonlyMap<string, number>;
  readonly triples: ReadonlySet<string>;
}

/** What the most and the least frequent word of a list are worth. */
const WORD_WEIGHT = { most: 3, least: 1.5 };
/** What a letter costs that a language has not. */
const FOREIGN_LETTER = 1.5;
/** What a word that is in no list can be worth, if it is made of a language's groups of letters. */
const LIKE_WORD = 0.8;
/** How far the first language of a table is ahead before anything was read. */
const FIRST_AHEAD = 1;

/** The language of a text, among those that share its script: the first of the table where little distinguishes them. */
function likeliest(text: string, profiles: readonly Profile[]): string | undefined {
  const evidence = evidenceIn(text, profiles);
  let best: { code: string; score: number } | undefined;
  for (const profile of profiles) {
    const score = scoreOf(profile, evidence) + (best === undefined ? FIRST_AHEAD : 0);
    if (best === undefined || score > best.score) best = { code: profile.code, score };
  }
  return best?.code;
}

interface Evidence {
  /** Words that are in some list. */
  readonly frequent: readonly string[];
  /** The groups of letters of each of the other words. */
  readonly others: readonly (readonly string[])[];
  /** Letters besides a to z. */
  readonly letters: readonly string[];
}

function evidenceIn(text: string, profiles: readonly Profile[]): Evidence {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const isFrequent = (word: string) => profiles.some(({ weights }) => weights.has(word));
  return {
    frequent: words.filter(isFrequent),
    others: words.filter((word) => !isFrequent(word)).map(triplesOf),
    letters: [...words.join('').replace(/[a-z]+/g, '')],
  };
}

function scoreOf({ letters, weights, triples }: Profile, evidence: Evidence): number {
  let score = 0;
  for (const word of evidence.frequent) score += weights.get(word) ?? 0;
  for (const found of evidence.others) {
    score += (LIKE_WORD * found.filter((triple) => triples.has(triple)).length) / found.length;
  }
  for (const letter of evidence.letters) if (!letters.has(letter)) score -= FOREIGN_LETTER;
  return score;
}

/** Makes ready what `likeliest` compares with. */
function profilesOf(facts: LanguageFacts): Profile[] {
  return Object.entries(facts).map(([code, { letters, words }]) => {
    const list = [...new Set(words.split(/\s+/).filter((word) => word !== ''))];
    const step = (WORD_WEIGHT.most - WORD_WEIGHT.least) / list.length;
    return {
      code,
      letters: new Set(letters),
      weights: new Map(list.map((word, rank) => [word, WORD_WEIGHT.most - rank * step])),
      triples: new Set(list.flatMap(triplesOf)),
    };
  });
}

/** Groups of three letters, with a space for the start and the end of the word; a word has at least one. */
function triplesOf(word: string): string[] {
  const letters = [' ', ...word, ' '];
  return letters.slice(2).map((last, i) => `${letters[i]}${letters[i + 1]}${last}`);
}

// Languages that share a script other than Latin: the same facts as of those in Latin script below.

const CYRILLIC: LanguageFacts = {
  ru: {
    letters: 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
    words: `и в не на я что он с как это по к но они мы она из за то все так его же от бы вы у о для до да ты меня мне ещё еще
      был была было были её их чтобы если когда или только уже нет может быть есть где кто чем почему очень можно нужно свой
      этот эта эти того после перед без под между также который которые которая во со при года лет время жизнь люди человек`,
  },
  uk: {
    letters: 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя',
    words: `і в не на що з я він як це та до у але ми вона для за так його від ви чи вони є бути був була було були її їх щоб
      якщо коли або тільки вже немає може де хто чому дуже можна потрібно свій цей ця ці того після перед без під між також
      який які яка й при року років час життя люди про ще зі ти мене`,
  },
  bg: {
    letters: 'абвгдежзийклмнопрстуфхцчшщъьюя',
    words: `на и да се в за е от не с са по че а като си но които или това който този тази тези което може още до при само към
      след той тя те ние вие аз ти го му ги им ни беше били бъде ще няма има как кога къде защо защото много повече без под
      между всички всичко също така дори през година години време живот хора нов ако когато която бъдат ли`,
  },
  mk: {
    letters: 'абвгдѓежзѕијклљмнњопрстќуфхцчџш',
    words: `на и да се во за е од не со што го ќе ги но како кој која кое кои или ова овој оваа овие тоа може уште до при само
      кон по тој таа тие ние вие јас ти му им беа беше бил нема има кога каде зошто бидејќи многу повеќе без под меѓу сите сè
      исто така година години време живот луѓе нов ако сум си сме`,
  },
};

const ARABIC: LanguageFacts = {
  ar: {
    letters: 'ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ',
    words: `في من على إلى أن التي الذي هذا هذه كان ما لا عن مع أو و هو هي كل ذلك بعد قبل بين كما قد لم لن إذا ثم حيث عند أي
      أنا أنت نحن هم كانت يكون تكون غير حتى إن لكن بل فقط جدا يمكن يجب خلال تلك هناك عندما كيف لماذا أين متى الناس الحياة
      الوقت ليس لها له لهم به بها فيها فيه منها`,
  },
  fa: {
    letters: 'ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیيئءأؤآ',
    words: `و در به از که این را با است برای آن یک خود تا بر های ها هم شد می بود دارد ما شما من تو او آنها هر اما یا باید پس
      پیش بین اگر چه چرا کجا چگونه بسیار همه کرد کرده شده شود کند کنند هستند هستم بودند نیست نمی دیگر نیز روی زیر بدون مردم
      زندگی زمان سال ای وقتی زیرا خوب`,
  },
  ur: {
    letters: 'ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہۂۃھءیئےۓآأؤ',
    words: `کے میں کی ہے اور سے کا کو اس ہیں کہ نے پر یہ ایک وہ بھی تھا تھی تھے ہو کر لیے ان جو کیا تو ہم آپ مجھے نہیں گیا
      گئی رہا رہے رہی ہوئے ہوتا ہوتی کسی کچھ سب لیکن یا اگر جب کیوں کہاں کیسے بہت بعد پہلے درمیان بغیر لوگ زندگی وقت سال
      اپنے اپنی اپنا تک ساتھ ہوں کریں`,
  },
};

const DEVANAGARI: LanguageFacts = {
  hi: {
    letters: '',
    words: `के में की है और से का को हैं यह पर ने कि एक इस वह भी था थी थे हो कर लिए उन जो क्या तो हम आप मैं मुझे नहीं गया
      गई रहा रहे रही हुए होता होती किसी कुछ सब लेकिन या अगर जब क्यों कहाँ कैसे बहुत बाद पहले बीच बिना लोग जीवन समय साल अपने
      अपनी अपना तक साथ हूँ करें करने ये वे उनके उसके इसके द्वारा जा सकते सकता सकती होने`,
  },
  mr: {
    letters: 'ळ',
    words: `आहे आणि या आहेत ते हे ही तो ती मी आपण आम्ही तुम्ही त्या त्यांच्या त्याच्या च्या मध्ये साठी होते होता होती नाही
      पण किंवा जर तर जेव्हा केव्हा का कसे कुठे काय कोण खूप सर्व एक दोन असे अशा केले केली करून करण्यासाठी होऊ शकते शकतो
      शकता नंतर आधी शिवाय लोक जीवन वेळ वर्ष माझे माझ्या तुमच्या आपल्या आपले त्यांना मला तुला पासून पर्यंत सुद्धा देखील
      म्हणून कारण यांनी येथे असतात असते`,
  },
  ne: {
    letters: '',
    words: `छ र हो मा को का की छन् यो त्यो पनि ले लाई बाट गर्न भने हुन् थियो थिए गरेको भएको भयो हुन्छ गर्छ गर्नु एक म तिमी
      तपाईं उनी हामी उनीहरू मेरो तपाईंको हाम्रो उनको यस त्यस तर वा यदि जब किन कसरी कहाँ के धेरै सबै पछि अघि बीच बिना मानिस
      जीवन समय वर्ष आफ्नो आफ्ना सम्म साथ नै अनि गरी गरेर हुने गर्ने छैन हुँदैन सकिन्छ सक्छ छौं छु लागि तथा`,
  },
};

// Languages in Latin script that langdetect knows: their most frequent words, about in order, and the letters besides a to z
// that they are written with. Written down for this detector.

const LATIN: LanguageFacts = {
  en: {
    letters: '',
    words: `the of and to a in is you that it he was for on are as with his they i at be this have from or had by but not
      what all were we when your can said there an each which she do how their if will up other about out many then them
      these so some her would make like him into time has look two more go see no way could my than been who its now did
      get may over new only know just because should very through any also after where most us here must well being both
      between such while too own before please s t ll re ve don`,
  },
  de: {
    letters: 'äöüß',
    words: `der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass
      sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man
      sein wurde wenn ich du wir ihr mich mir dich uns kann können sehr hier alle diese dieser dieses kein keine doch gut
      muss immer mein meine ihre ihren seine unser unsere was wer wo warum dann denn weil ohne gegen zwischen während`,
  },
  nl: {
    letters: 'éëïóöü',
    words: `de het een en van in is dat op te zijn met voor niet die aan er om ook als dan maar bij nog uit door over ze hij
      zich naar was wordt worden hebben heeft je ik we wij jij u hun haar mijn deze dit wel geen kan kunnen meer veel of tot
      tegen na onder zo al alleen moet moeten zal zou zullen hoe wat waar wie waarom omdat onze ons jullie goed andere
      mensen jaar tijd heel hier toch want tussen zonder`,
  },
  af: {
    letters: 'êéëôûîèïö',
    words: `die en van in is het dat nie te vir met op wat sy hy om ek ons jy hulle was as ook aan by word n kan sal moet sou
      maar of uit tot deur oor na haar hom my jou julle hierdie daardie wees baie meer nog net so toe waar wie hoe omdat want
      dan geen een twee jaar mense goed tussen onder sonder gaan maak kom`,
  },
  da: {
    letters: 'æøåé',
    words: `og i at er det en til af på for den med som de der har ikke et var fra han kan om men sig hun så vil skal være
      eller blev også efter ved nu meget når hvad hvor hvorfor min mit mine din dit dine os vi jeg du mig dig jer deres vores
      hans hendes denne dette disse alle kun op ud ind over under mellem uden mod bliver blive havde kunne skulle ville
      været noget nogle andre mere mange to år hvis fordi`,
  },
  no: {
    letters: 'æøåéôò',
    words: `og i å er det en til av på for den med som de har ikke et var fra han kan om men seg hun så vil skal være eller
      ble også etter ved nå mye når hva hvor hvorfor min mitt mine din ditt oss vi jeg du meg deg dere deres vår våre hans
      hennes denne dette disse alle bare opp ut inn over under mellom uten mot blir bli hadde kunne skulle ville vært noe
      noen andre mer mange to år hvis fordi`,
  },
  sv: {
    letters: 'åäöé',
    words: `och i att det som en på är av för med den till inte har de ett om var jag men sig från så kan när han vi ska skulle
      hon eller också efter nu vid mycket vad hur varför min mitt mina din ditt oss du mig dig deras vår våra hans hennes
      denna detta dessa alla bara upp ut in över under mellan utan mot blir bli hade kunde ville varit något några andra mer
      många två år där än finns dem själv`,
  },
  fi: {
    letters: 'äöåšž',
    words: `ja on ei se että hän oli ovat mutta kun myös tai niin kuin joka jos olla minä sinä me te he mitä sen voi hyvin nyt
      vain mukaan jo kanssa ole en et emme sitä tämä tämän nämä ne siitä joita jotka jossa siinä minun sinun hänen heidän
      meidän olen olet olemme olivat ollut voit voivat pitää täytyy mikä miksi miten missä koska sekä vaikka kaikki paljon
      enemmän vielä sitten aina kuitenkin ennen jälkeen ilman kautta hyvä uusi ihmiset elämä`,
  },
  et: {
    letters: 'äöõüšž',
    words: `ja on ei et see ta oli kui ka oma aga mis siis need kes või nii ning seda selle olen oled olla olid meie teie nende
      minu sinu tema mina sina nad ma sa me te pole ole mida kus kuidas miks sest kuid vaid väga palju rohkem veel juba kõik
      pärast enne ilma koos vahel hea uus aasta inimesed elu saab saan võib peab tuleb nagu kuna seal siin`,
  },
  fr: {
    letters: 'àâçéèêëîïôûùüÿœæ',
    words: `de la le et les des en un une du que est dans qui pour pas sur au par plus ne se ce il sont avec son sa ses ou mais
      comme on nous vous ils elle elles je tu me te leur leurs cette ces tout tous toute être avoir fait faire peut aussi bien
      même très où quand comment pourquoi sans sous entre après avant deux ans notre votre nos vos mon ma mes ton tes été
      était ont avez avons sommes êtes suis si non oui d l qu c j n s m aux cela car donc ainsi`,
  },
  es: {
    letters: 'áéíóúñü',
    words: `de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este
      ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo han yo hay vez
      puede todos así nos ni parte tiene él uno donde bien tiempo mismo ese ahora cada vida otro después te otros aunque esa
      eso hace otra tan siempre estaba durante nada nuestro nuestra mis tu tus cómo hacer estos usted ellos ella`,
  },
  pt: {
    letters: 'áâãàçéêíóôõúü',
    words: `de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser
      quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse
      eles estão você tinha foram essa num nem suas meu às minha pelos elas seja qual será nós tenho lhe deles este dele
      tu te vocês nosso nossa são fazer pode podem onde ainda bem todos tudo cada vida tempo anos`,
  },
  it: {
    letters: 'àèéìíòóù',
    words: `di che e la il un a è per in una sono con non mi si lo ha ma le i da del della come al dei nel più anche se gli
      questo questa quello alla ci o su dal delle ho mio tu ti lui lei noi voi loro essere fatto fare hanno stato era tutto
      tutti quando molto dove perché cosa chi così bene solo ancora dopo prima senza tra fra ogni nella nelle nei l un uno suo
      sua suoi nostro nostra questi queste può possono anni due vita tempo già sempre poi qui cui quindi mentre`,
  },
  ca: {
    letters: 'àçèéíïòóúü·',
    words: `de la i el que en a un una no per amb les els és es del al més com però o ha seu seva són aquest aquesta ser va van
      també si molt tot tots quan on perquè què fer pot poden entre sense fins des després abans anys dos hi ho li ens us jo
      tu ell ella nosaltres vosaltres ells meu meva nostre nostra aquests això així bé cada vida temps d l n s pel pels dels`,
  },
  ro: {
    letters: 'ăâîșțşţ',
    words: `de și în a la cu pe nu o un că este mai din pentru se care sunt ce au fost lui prin ca sau dar ai am sa său sale lor
      să fi el ea ei noi voi eu tu mă te îl îi le acest această aceasta acestea după până fără între când unde cum dacă foarte
      toate toți tot mult bine fac face poate pot vor va avea avem ani timp viață doar iar într dintre către oameni`,
  },
  pl: {
    letters: 'ąćęłńóśźż',
    words: `i w na z do się nie że to jest o jak za od po co ale dla przez czy tak jego są być był była było które który która
      ich już tylko może przed lub bardzo ma ja ty on ona my wy oni mnie mi ci nas was tym tego tej te ten ta jako oraz gdy
      kiedy gdzie dlaczego więc także bez pod nad między wszystko można mogą czas życie lat dwa u ze swoje jeśli aby żeby`,
  },
  cs: {
    letters: 'áčďéěíňóřšťúůýž',
    words: `a v se na je že o s z do i to k ve pro za by ale si po jako od při jeho jsou které který která nebo už jen tak jak
      jsem jsi jsme jste být byl byla bylo byly má mít může co kdo kdy kde proč protože také velmi více bez před pod nad mezi
      všechno všechny můj moje náš váš jejich tento tato toto ten ta čas život rok dva tě mě ho mu nás vás jim aby když než
      pokud ještě není`,
  },
  sk: {
    letters: 'áäčďéíĺľňóôŕšťúýž',
    words: `a v sa na je že o s z do i to k vo pre za by ale si po ako od pri jeho sú ktoré ktorý ktorá alebo už len tak som ste
      sme byť bol bola bolo boli má mať môže čo kto kedy kde prečo pretože tiež veľmi viac bez pred pod nad medzi všetko
      všetky môj moja náš váš ich tento táto toto ten tá čas život rok rokov dva ťa ma ho mu nás vás im aby keď než ak ešte`,
  },
  sl: {
    letters: 'čšž',
    words: `in je v na se da za so z ki ne po pa kot s o od tudi bi ali iz do pri še le če sem si smo ste biti bil bila bilo
      bili ima lahko kaj kdo kdaj kje zakaj ker zelo več brez pred pod nad med vse vsi moj moja naš vaš njihov njegov ta to te
      tega čas življenje leto let dva mi ti ga mu nas vas jih bo bodo ko kako samo`,
  },
  hr: {
    letters: 'čćđšž',
    words: `i u je na se da za su od s a ne o kao što to će iz po bi ili ali koji koja koje do pri još samo ako sam si smo ste
      biti bio bila bilo bili ima može tko kada gdje zašto jer vrlo više bez prije pod nad između sve svi moj moja naš vaš
      njihov njegov ovaj ova ovo taj ta vrijeme život godine godina dva mi ti ga mu nas vas ih bit kako također nije nisu`,
  },
  hu: {
    letters: 'áéíóöőúüű',
    words: `a az és hogy nem is egy ez meg azt csak van volt de el már még ki ha mint vagy lesz sem be mert én te ő mi ti ők
      azok ezek nagyon minden így úgy amikor ahol miért hogyan aki ami amely kell lehet tud volna ezt vele neki nekem után
      előtt nélkül között alatt felett több sok jó új két év idő élet emberek fel le ide oda itt ott most majd pedig illetve`,
  },
  lt: {
    letters: 'ąčęėįšųūž',
    words: `ir yra kad į iš su ne tai kaip bet o jo ji jis aš tu mes jūs jie buvo būti bus ar jau tik dar po prie už nuo iki per
      apie be tarp kas kur kada kodėl nes taip pat labai daug visi viskas mano tavo mūsų jūsų jų savo šis ši šie tas ta gali
      turi reikia metų metai laikas gyvenimas žmonės geras naujas du tačiau kai jei arba todėl`,
  },
  lv: {
    letters: 'āčēģīķļņšūž',
    words: `un ir ka no uz ar par to ne tas kā bet es tu mēs jūs viņi viņš viņa bija būt būs vai jau tikai vēl pēc pie līdz bez
      starp kas kur kad kāpēc jo arī ļoti daudz visi viss mans tavs mūsu jūsu viņu savu šis šī šie tā var gadu gads laiks
      dzīve cilvēki labs jauns divi tomēr ja lai tad nav`,
  },
  sq: {
    letters: 'ëç',
    words: `të e në i dhe për me një që nga se është më do ka nuk si u por kjo ky ai ajo ne ju ata unë ti kanë ishte janë jam
      mund duhet çfarë kush kur ku pse sepse shumë vetëm edhe ose pas para pa mes mbi nën gjithë tij saj tyre im ime ynë juaj
      këtë këto ato vit vite kohë jetë njerëz mirë ri dy kështu nëse`,
  },
  tr: {
    letters: 'çğıöşüâîû',
    words: `ve bir bu da de için ile ne o çok daha gibi olarak ama en kadar sonra ben sen biz siz onlar var yok mı mi mu değil
      olan ki her şey ya veya ise bana sana ona bizim sizin onun benim senin nasıl neden nerede kim hangi önce olduğu olduğunu
      olur oldu edilen göre tüm bütün iyi yeni iki yıl zaman hayat insanlar çünkü ancak ayrıca hem bunu şu böyle`,
  },
  id: {
    letters: 'é',
    words: `yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena ada dia mereka kita kami anda bisa
      dapat sudah telah oleh sebagai adalah atau lebih seperti jika kalau apa siapa kapan mana mengapa bagaimana sangat banyak
      semua hanya satu dua tahun orang hari waktu hidup baik baru tetapi namun agar saat setelah sebelum antara tanpa tentang
      bagi para secara harus belum masih lagi`,
  },
  tl: {
    letters: 'ñ',
    words: `ang ng sa na mga ay at ito ko mo si ni kung para hindi ako ikaw siya kami tayo kayo sila may mayroon wala din rin
      lang pa po ba kay nang sino ano saan kailan bakit paano dahil pero o kaya upang mula hanggang bago pagkatapos lahat
      marami isang isa dalawa taon araw oras buhay tao mabuti bagong iyon namin natin ninyo nila niya kanyang aming ating`,
  },
  sw: {
    letters: '',
    words: `na ya wa kwa ni katika la za kuwa cha hii huo huyo hizi hiyo hao yake yangu yako yetu yenu yao wake wangu wako wetu
      wao mimi wewe yeye sisi nyinyi lakini au kama pia sana kila hapa hapo pale ambao ambayo ambaye baada kabla bila kati juu
      chini ndani nje nini nani lini wapi kwanini hata bado tena mtu watu siku mwaka miaka wakati maisha muda nzuri mpya mmoja
      si ana wana una tuna nina ili hivyo basi kutoka hadi mwa vya zake`,
  },
  so: {
    letters: '',
    words: `iyo waa oo in ku ka u la ah soo waxaa waxa ay uu aan aad si lagu laga loo leh ma yahay tahay ahaa isku kale mid
      badan dad qof sanad maalin waqti nolol wax sida marka hadii haddii laakiin ama kasta dhan iyaga isaga iyada annaga adiga
      anigu kuwa taas tani kan tan maxaa kuma goorma halkee sababta kadib kahor`,
  },
  vi: {
    letters: `ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ`,
    words: `và của là các có được trong cho một những với không này khi để từ người đã đó như về sẽ tôi bạn anh chị em nó họ
      chúng ta mình cũng thì hay hoặc nhưng nếu vì nên phải rất nhiều hơn nhất lại ra vào lên đến đi làm gì ai đâu sao thế nào
      bao ngày năm thời gian cuộc sống tốt mới hai tất cả mọi trên dưới sau trước giữa đang bị bởi tại`,
  },
  cy: {
    letters: 'âêîôûŵŷáéíóúïö',
    words: `y yn a i o ar yr ac mae ei ond am gan ni fel wedi oedd bod eu sy nid fod hyn hwn hon chi fi ti ef hi nhw fy dy eich
      ein bydd roedd gyda wrth dros heb cyn rhwng beth pwy pryd ble pam sut oherwydd iawn llawer mwy pob holl dim da newydd
      dau blwyddyn amser bywyd pobl hefyd neu os`,
  },
};

/** As much of a text as langdetect looks at, in characters. */
const LONGEST = 10_000;
const URL = /https?:\/\/[-_.?&~;+=/#0-9A-Za-z]{1,2076}/g;
const MAIL = /[-_.0-9A-Za-z]{1,64}@[-_0-9A-Za-z]{1,255}[-_.0-9A-Za-z]{1,255}/g;

/** A language's own script, or how the languages of a script are distinguished. */
const SCRIPTS: Readonly<Record<string, string | ((text: string) => string | undefined)>> = {
  Latin: among(profilesOf(LATIN)),
  Cyrillic: among(profilesOf(CYRILLIC)),
  Arabic: among(profilesOf(ARABIC)),
  Devanagari: among(profilesOf(DEVANAGARI)),
  Greek: 'el',
  Hebrew: 'he',
  Thai: 'th',
  Bengali: 'bn',
  Gujarati: 'gu',
  Gurmukhi: 'pa',
  Kannada: 'kn',
  Malayalam: 'ml',
  Tamil: 'ta',
  Telugu: 'te',
  Hangul: 'ko',
  Kana: 'ja',
  Han: (text) => (countOf(text, TRADITIONAL) > countOf(text, SIMPLIFIED) ? 'zh-tw' : 'zh-cn'),
};

/** Common characters that are written otherwise in the other Chinese script. */
const SIMPLIFIED = /[们这国说时为对会来个产业东车见长门问间还过进远学习经应该让请谢爱书电话开关]/g;
const TRADITIONAL = /[們這國說時為對會來個產業東車見長門問間還過進遠學習經應該讓請謝愛書電話開關]/g;

/** Code of the language; undefined where the text has no letters of a script that langdetect knows. */
export function detectLanguage(text: string): string | undefined {
  const words = text.replace(URL, ' ').replace(MAIL, ' ').slice(0, LONGEST);
  const clean = withoutStrayLatin(words.normalize('NFC'));
  const script = scriptOf(clean);
  const language = script === undefined ? undefined : SCRIPTS[script];
  return typeof language === 'function' ? language(clean) : language;
}

function among(profiles: readonly Profile[]): (text: string) => string | undefined {
  return (text) => likeliest(text, profiles);
}

/** Latin letters are left out of a text that has more than twice as many others. */
function withoutStrayLatin(text: string): string {
  const latin = countOf(text, /[A-z]/g);
  const others = countOf(text, /[\u0300-\u1dff\u1f00-\u{10ffff}]/gu);
  return latin * 2 < others ? text.replace(/[A-z]/g, '') : text;
}

const PATTERNS = Object.keys(SCRIPTS).map((script) => ({
  script,
  letters: new RegExp(script === 'Kana' ? '[\\u3041-\\u30ff]' : `\\p{Script=${script}}`, 'gu'),
}));

/** Kana among Chinese characters from this share on are Japanese. */
const JAPANESE = 0.1;

function scriptOf(text: string): string | undefined {
  const counts = new Map(PATTERNS.map(({ script, letters }) => [script, countOf(text, letters)]));
  const kana = counts.get('Kana') ?? 0;
  const han = counts.get('Han') ?? 0;
  counts.set('Kana', kana >= JAPANESE * (kana + han) ? kana + han : 0);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most !== undefined && most[1] > 0 ? most[0] : undefined;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
