## What to do about each type of finding. One text for each type of the taxonomy.
guide-spam = Seo e se bolelang: melaetsa e sa batloeng (spam) e tsoa atereseng ena, kapa sebaka seo e se bapatsang se mona.
    Seo u ka se etsang: batla lethathamong la tse emetseng (queue) le ho li-log (lirekoto) tsa server ea imeile hore na ke akhaonto kapa lenaneo lefe le romelang, le emise, fetola password ea lona, 'me u lumelle feela li-server tsa hau tsa imeile ho romela imeile kantle (port 25).
guide-harmful-speech = Seo e se bolelang: ho tlalehiloe mantsoe kapa litšoantšo mona tse hlorisang kapa tse susumetsang pefo.
    Seo u ka se etsang: boloka kopi e le bopaki, e bapise le melaoana ea tšebeliso ea hau le molao, 'me u e tlose kapa u e fetisetse ho ba amehang.
guide-violence = Seo e se bolelang: ho tlalehiloe litaba mona tse seng molaong hoo e ka bang hohle.
    Seo u ka se etsang: se ke ua li kopitsa kapa ua li fetisetsa. Boloka li-log le lintlha tsa akhaonto, koala tsela ea ho li fihlela, 'me u bolelle mapolesa kapa mohala oa thuso oa naha hang-hang.
guide-infected-system = Seo e se bolelang: komporo e ka mor'a aterese ena e buile le server ea malware (lenaneo le kotsi) e shebiloeng.
    Seo u ka se etsang: fumana komporo ka aterese, port le nako (ka mor'a NAT, ka li-log tsa eona), e khaole netwekeng, e hloekise kapa u e kenye bocha, 'me u fetole li-password tse kileng tsa sebelisoa ho eona.
guide-c2-server = Seo e se bolelang: ho thoe server e mona e laola likomporo tse tšoaelitsoeng, hangata ka mor'a hore e kenoe ka likhoka.
    Seo u ka se etsang: boloka kopi ea eona kaofela e le bopaki haeba u khona, e khaole netwekeng, batla hore na ba kene joang, 'me u e kenye bocha.
guide-malware-distribution = Seo e se bolelang: malware (lenaneo le kotsi) e ka nkuoa leqepheng lena kapa atereseng ena.
    Seo u ka se etsang: tlosa lifaele, batla hore na li kene joang (password e utsoitsoeng, plug-in ea khale), koala tsela eo, 'me u hlahlobe libaka tse ling tse komporong eona eo.
guide-malware-configuration = Seo e se bolelang: faele e tsamaisang malware (lenaneo le kotsi) e mona.
    Seo u ka se etsang: boloka kopi e le bopaki, e tlose, 'me u batle hore na e kene joang.
guide-scanner = Seo e se bolelang: aterese ena e botsitse tse ling tse ngata hore na li na le litšebeletso tse butsoeng, hangata hobane e tšoaelitsoe.
    Seo u ka se etsang: sheba hore na ho na le motho oa lona ea etsang joalo ka boomo; haeba ho se joalo, nka komporo e le e tšoaelitsoeng: e khaole netwekeng, e hloekise, fetola li-password tsa eona.
guide-sniffing = Seo e se bolelang: sephethephethe sa netweke se ka be se rekotiloe mona.
    Seo u ka se etsang: batla mananeo ao u sa a tsebeng le likarete tsa netweke tse balang tsohle (promiscuous mode), 'me u fetole se ka bang se baliloe.
guide-social-engineering = Seo e se bolelang: motho e mong mona o leka ho etsa hore batho ba fane ka lintlha.
    Seo u ka se etsang: fumana akhaonto kapa mohala oo e tsoang ho oona, o emise, 'me u lemose ba ngoletsoeng kapa ba letselitsoeng.
guide-ids-alert = Seo e se bolelang: aterese ena e lekile ho sebelisa bofokoli bo tsebahalang ba likomporo tsa ba bang, hangata hobane le eona e tšoaelitsoe.
    Seo u ka se etsang: fumana komporo, e khaole netwekeng, e hloekise kapa u e kenye bocha, 'me u koale bofokoli boo e tšoaelitsoeng ka bona.
guide-brute-force = Seo e se bolelang: aterese ena e leka li-password tse ngata ho kena ho tsa ba bang, hangata hobane le eona e tšoaelitsoe.
    Seo u ka se etsang: fumana komporo, e khaole netwekeng, e hloekise, 'me u fetole li-password tsa eona. Moo u lumellang bareki ho romela sephethephethe se joalo, se fokotse.
guide-exploit = Seo e se bolelang: aterese ena e hlasetse ba bang ka mokhoa o neng o sa tsejoe.
    Seo u ka se etsang: boloka li-log (lirekoto) le mohopolo oa komporo kamoo u khonang, khaola komporo netwekeng, 'me u re bolelle seo u se fumanang.
guide-privileged-account-compromise = Seo e se bolelang: ho bonahala eka motho e mong o na le matla a molaoli komporong ena.
    Seo u ka se etsang: e khaole netwekeng, boloka kopi ea eona kaofela e le bopaki, e kenye bocha, 'me u fetole li-password le linotlolo tsohle tse neng li le ho eona.
guide-unprivileged-account-compromise = Seo e se bolelang: ho bonahala eka akhaonto ea mosebelisi e matsohong a motho e mong.
    Seo u ka se etsang: e koale hohle moo e butsoeng, fetola password ea eona, bulela second factor (mohato oa bobeli oa ho kena), 'me u shebe se entsoeng ka eona.
guide-application-compromise = Seo e se bolelang: ho bonahala eka lenaneo le mona le fetotsoe kapa le sebelisoa ke motho e mong.
    Seo u ka se etsang: le khaole inthaneteng, boloka li-log le kopi, khutlisa le hloekileng le nang le li-update (linchafatso) tsohle, 'me u fetole li-password le linotlolo tsa lona.
guide-system-compromise = Seo e se bolelang: ho bonahala eka komporo ena e matsohong a motho e mong.
    Seo u ka se etsang: e khaole netwekeng, boloka kopi ea eona kaofela e le bopaki, batla hore na ba kene joang, e kenye bocha, 'me u fetole li-password tsohle tse kileng tsa sebelisoa ho eona.
guide-burglary = Seo e se bolelang: ho bonahala eka sebaka sa hau se kenoe ka likhoka.
    Seo u ka se etsang: se sireletse, bolella mapolesa, 'me u shebe hore na ke lisebelisoa life tse sieo kapa tse amiloeng.
guide-dos = Seo e se bolelang: tšebeletso e etsoa hore e hlolehe ka likopo tse entsoeng ka bomenemene, mona kapa ho tsoa mona.
    Seo u ka se etsang: haeba e hlolehang ke ea hau, e nchafatse 'me u thibele likopo tse joalo; haeba li tsoa ho uena, fumana komporo 'me u e emise.
guide-ddos = Seo e se bolelang: aterese ena e nka karolo moroallong oa sephethephethe, kapa ke eona e hlaseloang ke oona.
    Seo u ka se etsang: haeba ke mohloli, fumana komporo, e hloekise kapa u koale tšebeletso e sebelisoang hampe; haeba ke eona e hlaseloang, kopa khamphani e u fang mohala hore e thibele, 'me u re bolelle ha e tsoela pele.
guide-misconfiguration = Seo e se bolelang: peakanyo e thibela tšebeletso ho sebetsa, kapa ho sebetsa e bolokehile.
    Seo u ka se etsang: e bapise le tataiso ea moetsi, e lokise, 'me u e hlahlobe u le kantle.
guide-sabotage = Seo e se bolelang: ho bonahala eka moaho kapa thepa ea hau e senyoe ka boomo.
    Seo u ka se etsang: e sireletse, bolella mapolesa, 'me u batle tsela e 'ngoe ea ho tsoela pele.
guide-outage = Seo e se bolelang: tšebeletso ea hau e ne e sa fihlelehe.
    Seo u ka se etsang: hlahloba motlakase, mehala le likomporo, 'me u bolelle ba itšetlehileng ka eona.
guide-unauthorised-information-access = Seo e se bolelang: motho e mong a ka be a balile seo e seng sa hae.
    Seo u ka se etsang: koala tsela eo a keneng ka eona, fetola li-password le linotlolo tse amehang, batla hore na ho baliloe eng, 'me u shebe hore na molao o re u bolelle ba amehang.
guide-unauthorised-information-modification = Seo e se bolelang: se ngotsoeng mona se fetotsoe ke motho e mong, mohlala leqephe le sentsoeng.
    Seo u ka se etsang: boloka kopi le li-log, khutlisa se hloekileng, 'me u koale tsela eo ba keneng ka eona: mananeo a khale le li-password tse utsoitsoeng pele.
guide-data-loss = Seo e se bolelang: lintlha tsa hau li ka be li lahlehile.
    Seo u ka se etsang: khaotsa ho ngola ho disk, batla backup (kopi) e ncha e ntle, 'me u e leke pele u e hloka.
guide-data-leak = Seo e se bolelang: li-password kapa lintlha tse ling tsa hau li bonoe moo li sa lokelang ho ba teng.
    Seo u ka se etsang: fetola li-password tseo hang-hang, hohle moo li sebelisoang, bulela second factor (mohato oa bobeli oa ho kena), 'me u batle hore na li tsoile kae.
guide-unauthorised-use-of-resources = Seo e se bolelang: likomporo kapa li-akhaonto tse mona li sebelisoa ho etsa seo u sa se lumelleng, joalo ka ho cheka chelete ea inthanete (mining) kapa bomenemene.
    Seo u ka se etsang: fumana akhaonto le komporo, e emise, 'me u koale tsela eo ba keneng ka eona.
guide-copyright = Seo e se bolelang: ho thoe mesebetsi e sirelelitsoeng e fanoa mona ntle le tumello.
    Seo u ka se etsang: hlahloba taba eo ho latela molao o u amang, 'me u e fetisetse ho ba amehang.
guide-masquerade = Seo e se bolelang: ho na le se iketsang motho e mong mona.
    Seo u ka se etsang: se shebe, se tlose haeba ho le joalo, 'me u batle hore na se kene joang kapa se laetsoe ke mang.
guide-phishing = Seo e se bolelang: leqephe le mona le etsisa leqephe la ho kena la e mong ho bokella li-password.
    Seo u ka se etsang: tlosa leqephe, boloka lifaele le li-log tsa lona e le bopaki (li ka bolela mabitso a bahlaseluoa), 'me u koale tsela eo ba keneng ka eona: boholo ba maqephe a joalo bo libakeng tse kenoeng ka likhoka.
guide-weak-crypto = Seo e se bolelang: tšebeletso e amohela encryption (patelo ea molaetsa) e ka robehang.
    Seo u ka se etsang: tima mekhoa ea khale, nchafatsa mananeo, 'me u nchafatse certificate ea eona haeba senotlolo sa eona se fokola.
guide-ddos-amplifier = Seo e se bolelang: tšebeletso ena e araba batho bao u sa ba tsebeng ka ho fetang hole seo ba se rometseng, 'me e sebelisoa ho koala ba bang ka moroallo.
    Seo u ka se etsang: e arabe linetweke tsa hau feela, e time haeba ho se motho ea e hlokang, 'me u thibele lipakete tse nang le aterese ea bohata (BCP 38).
guide-potentially-unwanted-accessible = Seo e se bolelang: tšebeletso eo e leng ea batho ba lona feela e fihleleha ho tsoa hohle.
    Seo u ka se etsang: e koale ho firewall (lerako la netweke) kapa u e behe ka mor'a VPN (tsela e patiloeng); moo e lokelang ho bula, e nchafatse 'me u batle li-password tse matla le second factor (mohato oa bobeli oa ho kena).
guide-information-disclosure = Seo e se bolelang: tšebeletso e bolella batho bao u sa ba tsebeng ho feta tekano, hangata ntle le password.
    Seo u ka se etsang: batla hore motho a kene ka password, e koale ho firewall (lerako la netweke), 'me u shebe li-log (lirekoto) tsa eona hore na ke mang ea baliling eng.
guide-vulnerable-system = Seo e se bolelang: tšebeletso ena e fihleleha ho tsoa hohle, 'me ke ea mofuta oo batho ba kenang ho oona ka likhoka: ka bofokoli bo tsebahalang ba lenaneo la eona, kapa hobane ha e batle password kapa e batla e fokolang.
    Seo u ka se etsang: haeba ho se motho kantle ea e hlokang, e koale ho firewall (lerako la netweke) kapa u e behe ka mor'a VPN (tsela e patiloeng). Moo e lokelang ho bula, e nchafatse kamoo moetsi oa eona a bolelang 'me u batle hore motho a kene ka mokhoa o matla, ka tsela e patiloeng. Haeba e bile e butsoe nako e telele, batla matšoao a hore ho na le ea keneng pele u e tšepa hape.
guide-other = Seo u ka se etsang: sheba mela e ka tlase le lethathamo; re botse haeba u sa bone se boleloang.
guide-undetermined = Seo u ka se etsang: sheba mela e ka tlase le lethathamo; re botse haeba u sa bone se boleloang.
guide-test = Ena ke teko. Ha ho letho leo u lokelang ho le etsa.
