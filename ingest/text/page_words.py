"""What pages say around a story, language by language: the words that the rules of cutting use.

To teach another language, add an entry. Accents, capitals and the kind of apostrophe don't count.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageWords:
    """The phrases of one language, parted by commas."""

    labels: str = ""
    """Fill a line: the mark of an advertisement, a button, a box to tick."""

    shares: str = ""
    """Fill a line, or only networks stand behind."""

    rights: str = ""
    """Fill or begin a line."""

    notices: str = ""
    """Begin a line about the page and its visitors."""

    pointers: str = ""
    """Fill a line, or a headline stands behind, after a colon or a dash."""

    calls: str = ""
    """Begin or end a call to action, where it also names an offer."""

    offers: str = ""
    """What only an outlet offers, as part of a word."""

    told: str = ""
    """How words begin that report what somebody said: then it is the story's."""


LANGUAGES = {
    "en": PageWords(
        labels="ad,ads,advert,advertisement,advertisements,sponsored,sponsored content,promoted,"
        "promoted content,paid content,skip ad,skip advertisement,skip to content,back to top,"
        "skip to main content,skip past newsletter promotion,after newsletter promotion,copy link,"
        "link copied,save for later,save article,print this page,story continues,"
        "newsletter sign-up,article continues,continue reading,continue reading the main story,"
        "continue reading below,cookie settings,cookie preferences,cookie policy,privacy policy,"
        "terms of use,newsletters,accept cookies,accept all cookies,reject all cookies,"
        "manage cookies,privacy settings,your privacy is important to us,we value your privacy,"
        "thank you for subscribing,getty images,already a subscriber? log in,"
        "already a subscriber? sign in,already a member? log in,log in,sign in,subscribe,"
        "be the first to comment,no comments yet,listen to this article,listen to this story,"
        "image source,view gallery",
        pointers="read more,read next,read also,also read,must read,must-read,"
        "read more on this story,related,related article,related articles,related story,"
        "related stories,recommended,see also,see more,watch,watch now,watch live,watch next,"
        "listen,listen now,also,previously,don't miss,you may also like,you might also like,"
        "you may also enjoy,you might also be interested in,what to read next,up next,"
        "next article,next story,previous article,previous story,more,in case you missed it,"
        "around the web,keep reading,more on this story,more on this,more like this,read,read now,"
        "view also,view more",
    ),
    "fr": PageWords(
        labels="publicité,publicités,annonce,contenu sponsorisé,la suite après la publicité,"
        "la suite après cette publicité,retour en haut,lire la suite,haut de page,"
        "gérer les cookies,cet article est réservé aux abonnés,article réservé aux abonnés,"
        "accepter les cookies",
        shares="partager,partagez,partager cet article,partager l'article,partagez cet article",
        rights="tous droits réservés,reproduction interdite,toute reproduction interdite",
        notices="nous utilisons des cookies,ce site utilise des cookies,"
        "en poursuivant votre navigation",
        pointers="lire aussi,à lire aussi,lire également,à lire également,à voir aussi,voir aussi,"
        "sur le même sujet,vous aimerez aussi,articles liés,articles similaires",
        calls="suivez-nous,suivez nous,retrouvez-nous,abonnez-vous,inscrivez-vous,"
        "téléchargez notre,téléchargez l'app,rejoignez-nous,rejoignez notre,recevez,cliquez ici",
        offers="newsletter,infolettre,notre chaîne,notre application,réseaux sociaux,l'appli",
        told="dit,déclar,écrit,lanc,selon,annonc,affirm,expliqu",
    ),
    "de": PageWords(
        labels="anzeige,anzeigen,werbung,gesponsert,artikel teilen,artikel drucken,nach oben,"
        "zum inhalt springen,jetzt die app herunterladen,alle cookies akzeptieren,zur startseite,"
        "artikel merken,link kopieren,weiterlesen,kommentar schreiben,bitte melden sie sich an",
        shares="teilen,jetzt teilen,diesen artikel teilen,beitrag teilen",
        rights="alle rechte vorbehalten",
        notices="wir verwenden cookies,diese website verwendet cookies,"
        "diese webseite verwendet cookies,wir nutzen cookies",
        pointers="lesen sie auch,lesen sie mehr,lesen sie mehr zum thema,mehr zum thema,mehr dazu,"
        "das könnte sie auch interessieren,lesen sie hier,siehe auch,auch interessant,zum thema,"
        "passend zum thema,lest auch,meistgelesen",
        calls="folgen sie uns,folgt uns,folge uns,abonnieren sie,abonniere,jetzt abonnieren,"
        "melden sie sich,besuchen sie uns,laden sie unsere,jetzt anmelden,hier klicken",
        offers="newsletter,unseren kanal,unsere app,rundbrief,in den sozialen",
        told="sagte,sagt,schrieb,schreibt,heißt es,hieß es,teilte,erklärte,warnt,rief",
    ),
    "es": PageWords(
        labels="publicidad,anuncio,contenido patrocinado,volver arriba,copiar enlace,"
        "aceptar cookies,la nota continúa abajo,seguir leyendo,dejar un comentario,"
        "contenido exclusivo para suscriptores",
        shares="compartir,comparte,compartir este artículo,compartir esta noticia,"
        "comparte esta noticia",
        rights="todos los derechos reservados,prohibida su reproducción",
        notices="utilizamos cookies,usamos cookies,este sitio utiliza cookies,"
        "este sitio web utiliza cookies,este sitio usa cookies,esta web utiliza cookies",
        pointers="lee también,lea también,leer también,leé también,lee más,leer más,lea más,"
        "ver también,te puede interesar,también te puede interesar,le puede interesar,"
        "noticias relacionadas,más información,mira también,te recomendamos,puedes leer,"
        "lo más leído",
        calls="síguenos,síganos,seguinos,suscríbete,suscríbase,suscribite,únete a,únase a,"
        "descarga nuestra,descargue nuestra,recibe nuestro,recibe nuestra,recibe gratis,"
        "haz clic aquí,haga clic aquí",
        offers="boletín,newsletter,nuestro canal,nuestra app,nuestra aplicación,redes sociales",
        told="dijo,dice,escribi,según,pidi,afirm,declar,anunci,explic",
    ),
    "pt": PageWords(
        labels="publicidade,anúncio,conteúdo patrocinado,continua após a publicidade,"
        "voltar ao topo,continua depois da publicidade,copiar link,aceitar cookies,continue lendo,"
        "deixe um comentário",
        shares="compartilhe,compartilhar,partilhar,partilhe,compartilhe esta notícia",
        rights="todos os direitos reservados",
        notices="utilizamos cookies,usamos cookies,este site utiliza cookies,este site usa cookies",
        pointers="leia também,leia mais,leia ainda,veja também,veja mais,saiba mais,"
        "notícias relacionadas,você pode gostar,mais lidas,ler também,relacionadas",
        calls="siga-nos,siga nosso,siga o nosso,siga a nossa,nos siga,assine,inscreva-se,receba,"
        "baixe nosso,baixe o nosso,clique aqui,participe do nosso,entre no nosso,subscreva",
        offers="newsletter,boletim,nosso canal,nosso aplicativo,nosso app,redes sociais",
        told="disse,diz,escreveu,segundo,afirm,declar,anunci,pediu",
    ),
    "it": PageWords(
        labels="pubblicità,contenuto sponsorizzato,torna su,torna all'inizio,copia link,"
        "accetta i cookie,continua a leggere,lascia un commento,annuncio pubblicitario",
        shares="condividi,condividi questo articolo,condividi l'articolo",
        rights="riproduzione riservata,tutti i diritti riservati",
        notices="utilizziamo i cookie,utilizziamo cookie,questo sito utilizza cookie,"
        "questo sito utilizza i cookie,questo sito usa cookie",
        pointers="leggi anche,leggi tutto,per approfondire,vedi anche,guarda anche,"
        "articoli correlati,potrebbe interessarti,ti potrebbe interessare,"
        "potrebbe interessarti anche,i più letti",
        calls="seguici,iscriviti,abbonati ora,abbonati subito,scarica la nostra,ricevi,unisciti,"
        "clicca qui,resta aggiornato",
        offers="newsletter,nostro canale,nostra app,canale whatsapp,social",
        told="disse,dice,detto,scritto,secondo,afferm,dichiar,annunci",
    ),
    "nl": PageWords(
        labels="advertentie,deel dit artikel,naar boven,cookies accepteren,reageer,kopieer link",
        shares="delen,deel dit artikel,deel dit bericht,artikel delen",
        rights="alle rechten voorbehouden",
        notices="wij gebruiken cookies,we gebruiken cookies,deze website gebruikt cookies",
        pointers="lees ook,lees verder,lees meer,bekijk ook,zie ook,meer over dit onderwerp,"
        "meest gelezen",
        calls="volg ons,abonneer,schrijf je in,schrijf u in,meld je aan,meld u aan,download onze,"
        "klik hier",
        offers="nieuwsbrief,ons kanaal,onze app",
        told="zei,zegt,schreef,volgens,aldus",
    ),
    "sv, da, no": PageWords(
        labels="annons,annonce,annonse,dela artikeln,till toppen,kopiera länk,kopier link,"
        "del artiklen,fortsätt läsa,artikeln fortsätter under annonsen,"
        "artiklen fortsætter efter annoncen",
        shares="dela,dela artikeln,del artikkelen,del artiklen",
        rights="alla rättigheter förbehållna,alle rettigheder forbeholdes,"
        "alle rettigheter reservert",
        notices="vi använder cookies,vi använder kakor,vi bruger cookies,vi bruker cookies,"
        "vi bruker informasjonskapsler",
        pointers="läs även,läs också,läs mer,läs mera,les også,les mer,læs også,læs mere,se även,"
        "se også,mest lästa,mest læste,mest lest",
        calls="följ oss,følg oss,følg os,prenumerera,tilmeld dig,anmäl dig,meld deg på,abonner på,"
        "abonnér,ladda ner vår,klicka här",
        offers="nyhetsbrev,vår app,vores app,vår kanal",
        told="säger,sade,skrev,enligt,siger,sier,ifølge",
    ),
    "pl, cs": PageWords(
        labels="reklama,materiał sponsorowany,do góry,udostępnij artykuł,"
        "dalsza część tekstu pod reklamą,dalsza część artykułu pod materiałem wideo,kopiuj link",
        shares="udostępnij,podziel się,sdílet,sdílejte",
        rights="wszelkie prawa zastrzeżone,všechna práva vyhrazena",
        notices="używamy plików cookie,ta strona używa plików cookie,"
        "ta strona korzysta z plików cookie,používáme cookies,používáme soubory cookie,"
        "tento web používá cookies",
        pointers="czytaj też,czytaj także,czytaj również,czytaj więcej,zobacz też,zobacz także,"
        "przeczytaj także,przeczytaj też,polecamy,čtěte také,čtěte více,přečtěte si také,"
        "související články",
        calls="obserwuj nas,śledź nas,polub nas,zapisz się,subskrybuj,dołącz do nas,pobierz naszą,"
        "sledujte nás,přihlaste se,odebírejte,kliknij tutaj",
        offers="newsletter,nasz kanał,naszego kanału,nasz profil,naszą aplikację,náš kanál",
        told="powiedzi,napisa,według,stwierdzi,dodał,řekl,napsal,podle",
    ),
    "tr": PageWords(
        labels="reklam,yukarı çık,linki kopyala,haberin devamı,yorum yap",
        shares="paylaş,bu haberi paylaş",
        rights="tüm hakları saklıdır,her hakkı saklıdır",
        notices="çerez kullanıyoruz,bu sitede çerez,sitemizde çerez",
        pointers="ayrıca okuyun,ayrıca bakınız,ilgili haberler,ilgili haber,"
        "bunlar da ilginizi çekebilir,bu haberler de ilginizi çekebilir,daha fazla oku,"
        "çok okunanlar",
        calls="takip edin,bizi takip et,abone olun,kaydolun,uygulamamızı indirin",
        offers="bülten,kanalımız,uygulamamız",
        told="dedi,söyledi,yazdı,belirtti,göre",
    ),
    "ru, uk": PageWords(
        labels="реклама,на правах рекламы,наверх,скопировать ссылку,партнерский материал,"
        "подписаться,підписатися,комментировать,обсудить",
        shares="поделиться,поделитесь,поширити,поділитися",
        rights="все права защищены,всі права захищені,усі права захищені",
        notices="мы используем файлы cookie,мы используем cookie,наш сайт использует cookie,"
        "наш сайт использует файлы cookie,ми використовуємо файли cookie,ми використовуємо cookie",
        pointers="читайте также,читать также,читайте ещё,читать далее,читать ещё,смотрите также,"
        "материалы по теме,по теме,новости по теме,читайте також,дивіться також,також читайте,"
        "самое читаемое,популярное,ранее по теме",
        calls="подписывайтесь,подпишитесь,присоединяйтесь,следите за нами,читайте нас,"
        "скачайте наше,підписуйтесь,підписуйтеся,приєднуйтесь,стежте за нами",
        offers="канал,рассылк,розсилк,соцсет,социальных сет,на нас в,приложени",
        told="сказал,заявил,написал,сообщ,говорит,словам,призвал,повідом,заявив,написав",
    ),
    "ar": PageWords(
        labels="إعلان,إعلانات,اقرأ المزيد,نسخ الرابط,العودة إلى الأعلى",
        shares="شارك,مشاركة,شارك هذا المقال,شارك المقال,شارك الخبر",
        rights="جميع الحقوق محفوظة",
        notices="نستخدم ملفات تعريف الارتباط,يستخدم هذا الموقع ملفات",
        pointers="اقرأ أيضا,اقرأ المزيد,اقرأ أكثر,شاهد أيضا,مواضيع ذات صلة,أخبار ذات صلة,"
        "مقالات ذات صلة,قد يهمك أيضا",
        calls="تابعونا,تابعنا على,اشترك في نشرتنا,اشترك في قناتنا,اشتركوا في,انضم إلى قناتنا,"
        "انضموا إلى قناتنا",
        offers="نشرتنا,قناتنا,تطبيقنا,النشرة البريدية",
        told="قال,وقالت,كتب,صرح,بحسب,أعلن",
    ),
    "zh": PageWords(
        labels="广告,廣告,责任编辑,返回顶部,扫码关注,回到顶部,點擊分享,复制链接",
        shares="分享,分享到,分享至",
        rights="版权所有,版權所有,未经许可不得转载,未经授权不得转载",
        notices="我们使用cookie,本网站使用cookie",
        pointers="相关新闻,相关阅读,延伸阅读,推荐阅读,相關新聞,延伸閱讀,相關閱讀,更多新闻,热门文章",
        calls="关注我们,欢迎关注,敬请关注,关注本报,追蹤我們,订阅我们,订阅本报",
        offers="公众号,客户端,本报微,頻道,电子报",
        told="表示,指出,称,說,说",
    ),
    "ja": PageWords(
        labels="広告,スポンサーリンク,フォローする,この記事をシェア,シェアする,続きを読む,"
        "トップへ戻る,コメントを書く,有料会員限定,会員限定記事",
        shares="シェア,この記事をシェア,この記事をシェアする",
        rights="無断転載を禁じます,無断転載禁止,無断複製・転載を禁じます",
        notices="当サイトではcookie,このサイトではcookie",
        pointers="関連記事,関連ニュース,あわせて読みたい,合わせて読みたい,こちらもおすすめ,"
        "おすすめ記事,人気記事,もっと読む,次の記事,前の記事",
        calls="フォローしてください,フォローお願いします,登録はこちら,ご登録ください,"
        "ダウンロードはこちら",
        offers="メルマガ,ニュースレター,チャンネル,公式アカウント,アプリ",
        told="述べ,話し,語っ,と言",
    ),
    "ko": PageWords(
        labels="광고,공유하기,링크 복사,맨 위로,댓글 쓰기",
        shares="공유,공유하기",
        rights="무단 전재 및 재배포 금지,무단전재 및 재배포 금지,무단 전재-재배포 금지,"
        "무단전재-재배포 금지,저작권자",
        pointers="관련 기사,관련기사,관련 뉴스,함께 보면 좋은 기사,추천 기사,더 보기,많이 본 뉴스",
        calls="구독하세요,구독해 주세요,팔로우하세요,팔로우해 주세요",
        offers="뉴스레터,채널",
        told="말했,밝혔,전했",
    ),
    "hi": PageWords(
        labels="विज्ञापन,शेयर करें,यहां क्लिक करें",
        shares="शेयर करें,साझा करें",
        rights="सर्वाधिकार सुरक्षित",
        pointers="यह भी पढ़ें,ये भी पढ़ें,इसे भी पढ़ें,और पढ़ें,संबंधित खबरें",
        calls="फॉलो करें,सब्सक्राइब करें,हमसे जुड़ें",
        offers="न्यूज़लेटर,चैनल",
        told="कहा,बताया,लिखा",
    ),
    "id, vi": PageWords(
        labels="iklan,advertorial,scroll to continue with content,quảng cáo,kembali ke atas,"
        "salin tautan",
        shares="bagikan,bagikan artikel ini,chia sẻ",
        rights="hak cipta dilindungi undang-undang",
        pointers="baca juga,baca selengkapnya,simak juga,lihat juga,artikel terkait,"
        "berita terkait,pilihan editor,xem thêm,đọc thêm,tin liên quan,có thể bạn quan tâm,"
        "đọc tiếp",
        calls="ikuti kami,ikuti saluran kami,gabung di saluran,berlangganan,dapatkan,"
        "theo dõi chúng tôi,đăng ký kênh,đăng ký nhận,tải ứng dụng của chúng tôi",
        offers="saluran,newsletter,buletin,kênh,bản tin,aplikasi kami",
        told="kata,ujar,menurut,tulis,nói,cho biết",
    ),
}

ENGLISH_NETWORKS = (
    "facebook,twitter,whatsapp,telegram,instagram,linkedin,pinterest,reddit,youtube,tiktok,"
    "threads,messenger,flipboard,tumblr,bluesky,mastodon,snapchat,viber,google news,apple news"
)
NETWORKS = (
    f"{ENGLISH_NETWORKS},wechat,телеграм,фейсбук,вконтакте,твиттер,ютуб,"
    "فيسبوك,تويتر,تلغرام,واتساب,يوتيوب,إنستغرام,"
    "انستغرام,微信,微博,抖音,脸书,臉書,फेसबुक,ट्विटर,व्हाट्सएप,페이스북,카카오톡,네이버,유튜브,"
    "ツイッター,フェイスブック"
)
