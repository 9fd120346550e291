## A party's own page
slice-title = Puisano ea rona ka { $number }
slice-open = re sebetsana le eona
slice-closed = e koetsoe
slice-problem = Ho na le bothata
slice-advice = Seo re se eletsang
slice-talk = Se builoeng
slice-called = Re u letselitse.
slice-held = Imeile ea { $when } e arabang ea rona ha e bontšoe mona: ha re na bonnete ba hore e tsoa ho uena. Haeba u e rometse, ha u hloke ho etsa letho: e tla hlaha mona ha re se re netefalitse. Haeba ho se motho oa lona ea e rometseng, ka kopo re bolelle ka tlase.
slice-nothing = Ha ho e-so buuoe letho.
slice-reply = Re arabe
slice-words = Molaetsa oa hau
slice-words-hint = O ea sehlopheng sa rona feela. Ha ho e mong ea amehang ea o bonang ntle le haeba uena le rona re lumellane.
slice-files = Lifaele, haeba li thusa
slice-send = Romela
slice-empty = Ngola molaetsa kapa u khethe faele
slice-thanks = Rea leboha, re fumane molaetsa oa hau.
slice-link = Ipolokele aterese ea leqephe lena: mang kapa mang ea nang le eona a ka bala le ho araba mona.

## Answering a recommendation
answer-title = Keletso ea rona ho uena
answer-summary = Araba
answer-not-binding = Ke keletso, ha se taelo: ke uena ea etsang qeto.
advice-kind-operational = bakeng sa se etsahalang hona joale
advice-kind-best-practice = bakeng sa ka mor'a moo, e le mokhoa o motle
answer-question = Qeto ea hau ke efe?
answer-accepted = Re tla e etsa
answer-accepted-hint = U ka khutla 'me ua bolela ha e phethiloe.
answer-done = E phethiloe
answer-done-hint = Re bolelle ka tlase haeba ho na le se etsahetseng ka tsela e fapaneng.
answer-rejected = Re ke ke ra e etsa
answer-rejected-hint = Lebaka lea re thusa, empa ha u tlamehe ho le fana.
answer-words = Mantsoe a hau, haeba u rata
answer-send = Romela karabo
answer-choose = Khetha karabo
answer-thanks = Rea leboha, re fumane karabo ea hau. U ka e fetola mona ka nako efe kapa efe.
answer-withdrawn = Re khutlisitse keletso ena. Ha u hloke ho etsa letho.
recommendation-state-sent = ha e e-so arajoe
recommendation-state-accepted = u tla e etsa
recommendation-state-rejected = u ke ke ua e etsa
recommendation-state-done = e phethiloe
recommendation-state-withdrawn = e khutlisitsoe
recommendation-state-no-answer = ha ea arajoa

## An organisation's own pages
member-title = Mokhatlo oa hau
member-zone = Linako ke tsa { $zone }, ntle le moo ho ngotsoeng UTC.
member-advice = Likeletso tse emetseng karabo
member-advice-none = Ha ho letho le emetseng karabo ea hau.
member-messages-wait = { $count ->
    [one] Ha ho keletso e emetseng karabo ea hau; empa o mong oa melaetsa ea rona ka tlase o e emetse.
   *[other] Ha ho keletso e emetseng karabo ea hau; empa melaetsa ea rona e { $count } ka tlase e e emetse.
 }
member-cases = Litaba tseo u nang le karolo ho tsona
member-older = Litaba tsa khale
member-newest = Litaba tse ncha
member-cases-none = Hajoale ha ho taba eo u nang le karolo ho eona.
member-reports = Litlaleho tsa hau
member-reports-none = Mokhatlo oa hau ha o e-so tlalehe letho.
member-report-new = Tlaleha ketsahalo
member-contacts = Kamoo re u fumanang
member-contacts-none = Ha re na motho eo re ka buang le eena oa mokhatlo oa hau. Ka kopo, re bolelle a le mong.
member-contacts-hint = Na ho na le se fosahetseng kapa se siiloeng? Ka kopo, re bolelle ho { $mail }.
member-number = Nomoro
member-what = Eng
member-when = Neng
member-state = Boemo
member-last = Molaetsa oa ho qetela
member-new = e emetse karabo ea hau
member-back = Mokhatlo oa hau
member-report-title = Tlaleho { $number }
member-report-received = E fihlile
member-report-case = Re e hokahanya tlas'a
member-state-new = e fihlile
member-state-open = ho sebetsanoa le eona
member-state-resolved = e rarolotsoe
member-state-rejected = e koetsoe
member-state-abandoned = e koetsoe

## The organisation's events
member-events = Se bonoeng linetwekeng tsa hau
member-events-link = Litlaleho tsa mechini ka liaterese tsa hau, le lipalo le faele eo u ka e theolang
member-events-about = Mechini e shebileng inthanete e tlaleha bofokoli le tšebeliso e mpe ea liaterese. Mona ho ngotsoe se tlalehiloeng ka tsa hau, ho latela letsatsi leo se bonoeng ka lona. Ponahalo (event) ke ntho e le 'ngoe e bonoeng ke mochini. E ka ba ea khale kapa ea ba phoso: sheba pele u nka mohato.
member-events-unread = Se seng sa libaka ha se baleha. Ngola aterese joalo ka 192.0.2.1, netweke joalo ka 192.0.2.0/24, le matsatsi joalo ka 2026-11-23.
member-events-ip = Aterese kapa netweke
member-events-peer = Lehlakore le leng
member-events-all = Tsohle
member-events-from = Ho tloha
member-events-to = Ho fihlela
member-events-show = Bontša
member-events-clear = Hlakola
member-events-none = Ha ho letho le bonoeng matsatsing ana.
member-events-count = { $count ->
    [one] ponahalo e { $count }
   *[other] liponahalo tse { $count }
  }
member-events-chart = Liponahalo ka matsatsi; tafole e ka tlase e bolela taba tsona tseo
member-events-table = E le tafole
member-events-number = Liponahalo
member-events-list = Ka bonngoe
member-events-subject = Aterese
member-events-more = Lintlha ka botlalo
member-events-older = Liponahalo tsa khale
member-events-files = Tsohle e le faele
member-events-broken = Haeba ho theola faele (download) ho khaoha
member-events-files-hint = Ponahalo e ncha ka ho fetisisa e tla pele. Haeba ho theola faele (download) ho khaoha, kopa hape ka “after=” le nako le id ea mola oa ho qetela o felletseng, li arotsoe ka feeloane.

## Contacts and networks, as the registry has them
registry-title = Batho ba lona le linetweke tsa lona
registry-about = Ke kamoo buka ea rona ea ngoliso e u tsebang kateng: bao re ba ngollang, le linetweke tseo re u bolellang liponahalo tsa tsona. Seo u se sisinyang mona ha se e-so fetole letho: motho oa sehlopha sa rona oa se sheba, 'me leqephe lena le bolela hore na ho bile joang.
registry-networks = Linetweke, linomoro tsa AS le li-domain
registry-networks-none = Ha ho e ngolisitsoeng e le ea hau, kahoo re ke ke ra u bolella letho ka liponahalo.
registry-contact-add = Sisinya motho eo re ka buang le eena
registry-contact-change = Sisinya phetoho ea lintlha tsa motho
registry-contact-end = Motho enoa ha a sa le teng
registry-resource-add = Sisinya netweke
registry-resource-end = Ena ha e sa le ea hau
registry-change = Fetola
registry-end = Ha e sa le teng
registry-wishes = Seo u se sisintseng
registry-open = sehlopha sa rona sea e sheba
registry-approved = e amohetsoe: e fetotsoe
registry-refused = ha ea amoheloa
registry-name = Lebitso la motho kapa la ofisi
registry-function = Ke bakeng sa eng
registry-mail = Aterese ea imeile
registry-phone = Mohala
registry-language = Puo, joalo ka st kapa en
registry-hours = Nako eo motho a arabang ka eona
registry-value = Netweke, nomoro ea AS kapa domain
registry-value-hint = Joalo ka 192.0.2.0/24, 2001:db8::/32, AS64500 kapa a.example
registry-last = Letsatsi la ho qetela
registry-words = Seo sehlopha sa rona se lokelang ho se tseba ho etsa qeto
registry-send = E sisinye
registry-said = Rea leboha. Sehlopha sa rona se tla e sheba, 'me leqephe lena le tla bolela hore na ho bile joang.
registry-held-since = ho tloha ka { $from }
registry-held-until = ho fihlela ka { $to }
registry-held-between = ho tloha ka { $from } ho fihlela ka { $to }
registry-more = Linetweke tse ling
registry-more-contacts = Ho na le batho ba bang ba { $count } bukeng ea rona ea ngoliso.
registry-bad-name = Ngola lebitso la motho kapa la ofisi, ka litlhaku tse 200 ho ea holimo.
registry-bad-function = Khetha hore na ke bakeng sa eng.
registry-bad-mail = Ngola aterese ea imeile, joalo ka abuse@a.example.
registry-bad-language = Ngola puo ka litlhaku tse khutšoane, joalo ka st kapa en.
registry-bad-last = Ngola letsatsi la ho qetela, joalo ka 2026-11-30.
registry-bad-value = Ena ha se netweke, nomoro ea AS kapa domain eo re ka e amohelang. E ngole joalo ka 192.0.2.0/24, 2001:db8::/32, AS64500 kapa a.example.
registry-bad-host = Aterese le bolelele ba netweke ha li lumellane. Na u ne u bolela { $network }?
registry-bad-words = Se seng sa lingoloa se selelele haholo: ngola litlhaku tse { $letters } ho ea holimo.
registry-bad-many = Litlhahiso tsa hau tse { $count } li se li emetse. Sehlopha sa rona se qala ka ho etsa qeto ka tsona.
registry-bad-other = Sena ha se amohelehe. Sheba se ngotsoeng, u leke hape.
function-abuse = Tšebeliso e mpe (abuse)
function-security = Tšireletso
function-noc = Tsamaiso ea netweke
function-management = Botsamaisi
function-legal = Molao
function-press = Boralitaba
registry-link = Li shebe, 'me u sisinye se lokelang ho fetoloa

## Lihlahisoa tsa setho, le se phatlalalitsoeng bakeng sa sona
assets-title = Lihlahisoa tseo u li sebelisang
assets-about = Re bolelle hore na u sebelisa lihlahisoa life, ’me re tla u bolella se li amang. Ke feela mokhatlo oa hao le sehlopha sa rona tse bonang lenane lena.
assets-none = Ha u e-so bolele le se le seng.
assets-product = Sehlahisoa
assets-vendor = Ke mang ea se etsang
assets-name = Se bitsoa eng
assets-version = Mofuta
assets-version-hint = Joalokaha sehlahisoa se o bontša, joaloka 7.2.3.
assets-names = Mabitso a mechini
assets-add = Eketsa sehlahisoa
assets-remove = Ntša
assets-added = Se ekelitsoe.
assets-removed = Se ntšitsoe.
assets-link = Bolela lihlahisoa tseo u li sebelisang
error-said-asset-name = Ngola hore na ke mang ea se etsang, le hore na se bitsoa eng.
error-said-asset-long = Sena se selelele haholo, kapa se na le litlhaku tse sa bonahaleng.
error-said-asset-cpe = Ngola lebitso la CPE joaloka cpe:2.3:a:vendor:product:7.2.3.
error-said-asset-purl = Ngola package URL joaloka pkg:npm/name@1.2.3.
error-said-asset-many = Ha ho sa na sebaka sa lihlahisoa: ntša tse ling pele.
error-said-asset-there = Sehlahisoa sena se se se le teng, ka mofuta ona.
inside-title = Se phatlalalitsoeng bakeng sa hao
inside-about = Seo sehlopha sa rona se se phatlalatsang bakeng sa mekhatlo eo se e sebeletsang, eseng bakeng sa bohle. Letšoao le bolela hore na u ka se fetisetsa hole hakae.
inside-told = Seo re u boleletseng sona ka ho khetheha
inside-told-none = Ha ho letho ho fihlela joale.
inside-list = Bakeng sa mekhatlo eo re e sebeletsang
inside-none = Ha ho letho leo mokhatlo oa hao o ka le balang.
inside-label = Letšoao
inside-ahead = ha e so be ea bohle
inside-link = Bona se phatlalalitsoeng bakeng sa hao
