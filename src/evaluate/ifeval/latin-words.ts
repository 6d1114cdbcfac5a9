/**
 * Languages in Latin script that langdetect knows: their most frequent words, about in order, and the letters besides a to z
 * that they are written with. Written down for this detector.
 */
import type { LanguageFacts } from './language-facts.ts';

export const LATIN: LanguageFacts = {
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
