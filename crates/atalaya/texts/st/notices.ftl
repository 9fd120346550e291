## What an organisation is told of the events on its networks
notice-subject-new = { $new ->
    [one] Phumano e le 'ngoe e ncha linetwekeng tsa hau, boima bo boholo: { $severity }
   *[other] Liphumano tse { $new } tse ncha linetwekeng tsa hau, boima bo boholo: { $severity }
 }
notice-subject-lasting = { $lasting ->
    [one] Phumano e le 'ngoe linetwekeng tsa hau e ntse e le teng
   *[other] Liphumano tse { $lasting } linetwekeng tsa hau li ntse li le teng
 }
notice-subject-gone = { $gone ->
    [one] Phumano e le 'ngoe linetwekeng tsa hau ha e sa le teng
   *[other] Liphumano tse { $gone } linetwekeng tsa hau ha li sa le teng
 }
notice-opening = Ho { $organisation }

    { $team } e fumana litlaleho ka likomporo tse butsoeng hore li sebelisoe hampe, tse tšoaelitsoeng kapa tse sebelisoang hampe. Tsena li bua ka linetweke, li-domain kapa linomoro tsa AS tse ngolisitsoeng e le tsa hau.
notice-summary = { $events ->
    [one] Ponahalo (event) e le 'ngoe ho tloha ka { $from } (UTC), lintho tsa hau tse amehang: { $findings }. Boima bo boholo: { $severity }.
   *[other] Liponahalo (events) tse { $events } ho tloha ka { $from } (UTC), lintho tsa hau tse amehang: { $findings }. Boima bo boholo: { $severity }.
 }
notice-new = Tse ncha ho tloha tsebisong ea rona e fetileng: { $count }
notice-again = Ho tsona, tse bonoeng hape ka mor'a hore li nyamele: { $count }
notice-lasting = Tse seng li boletsoe, 'me li ntse li bonoa: { $count }
notice-gone = Tse seng li boletsoe, 'me ha li sa bonoa: { $count }
notice-wrong = Tse siiloeng, hobane u itse li fosahetse 'me ra lumela: { $count }
notice-type-counts = Tse ncha: { $new }. Tse ntseng li bonoa: { $lasting }. Tse seng li le sieo: { $gone }. Boima: { $severity }.
notice-line = { $what } ({ $state }, ho tloha ka { $since }, e bonoe la ho qetela ka { $last }, makhetlo: { $times })
notice-more = ... le tse ling tse { $count }, lethathamong
notice-guidance = Ho eketsehileng ka seo u ka se etsang: { $page }
notice-more-types = Ho na le mefuta e meng e { $count } ea liphumano; lethathamo le na le eona kaofela.
notice-attached = Mela eohle e { $lines } e lethathamong le khomaretsoeng (CSV; linako ke tsa UTC). U ka le nka hape, 'me u ka bona litsebiso tse fetileng, ha u se u kene ho
    { $page }
notice-fetch = Lethathamo la mela eohle e { $lines } (CSV; linako ke tsa UTC) le leqepheng la hau. Kena ho
    { $page }
notice-attached-alone = Mela eohle e { $lines } e lethathamong le khomaretsoeng (CSV; linako ke tsa UTC). Ha ho motho oa lona ea nang le tumello ea ho kena mona hajoale: araba imeile ena haeba u e batla. Joale u ka nka mathathamo 'ohle 'me u bone litsebiso tse fetileng leqepheng la hau.
notice-fetch-alone = Lethathamo la mela eohle e { $lines } (CSV; linako ke tsa UTC) le leqepheng leo ho seng motho oa lona ea nang le tumello ea ho kena ho lona hajoale. Araba imeile ena: re tla u fa tumello, kapa re u romelle lethathamo.
notice-closing = Seo re se eletsang ke keletso, ha se taelo: ke uena ea etsang qeto. Se sa hlolang se bonoa ka matsatsi a 'maloa se nkoa se le sieo, ntle le hore u re bolelle letho. Na ho na le se fosahetseng mona, na ha se ea hau, kapa na ke motho e mong ea lokelang ho fumana litsebiso tsena? Araba imeile ena; motho oa e bala.
notice-state-new = e ncha
notice-state-again = e bonoe hape
notice-state-persisting = e ntse e bonoa
notice-state-gone = e se e le sieo
notice-severity-0 = ke tsebiso feela
notice-severity-1 = bo tlase
notice-severity-2 = bo mahareng
notice-severity-3 = bo phahameng
notice-severity-4 = bo feteletseng

## A member's page of notices
notices-title = Litsebiso ka linetweke tsa hau
notices-none = Ha ho e-so romeloe tsebiso mokhatlong oa hau.
notices-number = Tsebiso
notices-when = E rometsoe
notices-new = Tse ncha
notices-lasting = Tse ntseng li bonoa
notices-gone = Tse seng li le sieo
notices-worst = Boima bo boholo
notices-all = Litsebiso tsohle
notices-list = Nka lethathamo (CSV)
notices-lines = { $count ->
    [one] mola o le mong
   *[other] mela e { $count }
 }
notices-not-here = Seo tsebiso ena e se bolelang se ke ke sa bontšoa leqepheng. Ka kopo, re kope eona ho { $mail }.

## Types of the taxonomy
rsit-spam = Spam (melaetsa e sa batloeng)
rsit-harmful-speech = Puo e kotsi
rsit-violence = Tlhekefetso ea thobalano, litšoantšo tsa thobalano kapa tsa pefo
rsit-infected-system = Komporo e tšoaelitsoeng
rsit-c2-server = Server e laolang malware (C2)
rsit-malware-distribution = Phatlalatso ea malware
rsit-malware-configuration = Lipeakanyo tsa malware
rsit-scanner = Ho batla litšebeletso tse butsoeng (scanning)
rsit-sniffing = Ho mamela sephethephethe sa netweke (sniffing)
rsit-social-engineering = Ho thetsa batho (social engineering)
rsit-ids-alert = Tšebeliso ea bofokoli bo tsebahalang
rsit-brute-force = Ho leka ho kena ka li-password tse ngata
rsit-exploit = Mokhoa o mocha oa tlhaselo
rsit-privileged-account-compromise = Akhaonto ea molaoli e matsohong a ba bang
rsit-unprivileged-account-compromise = Akhaonto ea mosebelisi e matsohong a ba bang
rsit-application-compromise = Lenaneo le matsohong a ba bang
rsit-system-compromise = Komporo e matsohong a ba bang
rsit-burglary = Ho kenoa ka likhoka moahong
rsit-dos = Tšebeletso e koetsoeng ke likopo (DoS)
rsit-ddos = Tšebeletso e koahetsoeng ke moroallo (DDoS)
rsit-misconfiguration = Peakanyo e fosahetseng
rsit-sabotage = Tšenyo ka boomo
rsit-outage = Ho khaoha ha tšebeletso
rsit-unauthorised-information-access = Ho bala lintlha ntle le tumello
rsit-unauthorised-information-modification = Ho fetola lintlha ntle le tumello
rsit-data-loss = Tahleho ea lintlha
rsit-data-leak = Lintlha tsa lekunutu tse utloahetseng kantle
rsit-unauthorised-use-of-resources = Tšebeliso ea likomporo ntle le tumello
rsit-copyright = Copyright (tokelo ea mongoli)
rsit-masquerade = Ho iketsa motho e mong
rsit-phishing = Phishing
rsit-weak-crypto = Encryption (patelo) e fokolang
rsit-ddos-amplifier = E ka sebelisoa hampe bakeng sa DDoS
rsit-potentially-unwanted-accessible = Tšebeletso eo mohlomong e sa lokelang ho buleha
rsit-information-disclosure = Tšebeletso e ka bontšang lintlha
rsit-vulnerable-system = Komporo e nang le bofokoli
rsit-other = Ho hong hosele
rsit-undetermined = Ha ho e-so tsejoe
rsit-test = Teko

## What stands: a member's page of findings
findings-title = Se leng teng linetwekeng tsa hau
findings-about = Tsohle tseo litsebiso tsa rona li u boleletseng tsona, le se etsahetseng ka tsona ho tloha moo. “Tse ncha” ke tseo tsebiso ea ho qetela e li boletseng lekhetlo la pele. Seo mohloli oa sona o sa kang oa se bona ka matsatsi a 'maloa, le hoja o ntse o sheba, se se se le sieo.
findings-none = Ha ho letho mona. Seo litsebiso tsa rona li u bolellang sona se hlaha leqepheng lena.
findings-new = Tse ncha
findings-persisting = Tse seng li tsejoa
findings-gone = Tse seng li le sieo
findings-since = Ho tloha
findings-last = E bonoe la ho qetela
findings-more = Tse ling tse { $count } li mathathamong a litsebiso.
findings-wrong = Hona ho fosahetse
findings-words = Ho fosahetse hobane'ng?
findings-words-hint = Mohlala: aterese ha se ea hau, tšebeletso ha se seo e shebahalang eka ke sona, ke teko. Motho oa sehlopha sa rona oa e bala; ho fihlela ka nako eo u tsebisoa joalo ka pele.
findings-words-missing = Ngola hore na ho fosahetse hobane'ng, ka litlhaku tse 2,000 ho ea holimo.
findings-say = Bolella sehlopha
findings-said = Rea leboha. Sehlopha sa rona se tla e sheba, 'me leqephe lena le tla bolela hore na ho bile joang.
findings-claim-open = u itse e fosahetse; rea e sheba
findings-claim-accepted = e fosahetse, joalokaha u boletse; ha e sa hlaha litsebisong
findings-claim-refused = u itse e fosahetse, 'me rona ha re nahane joalo
