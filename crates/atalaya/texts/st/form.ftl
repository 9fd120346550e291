## Home
home-title = Na ho na le se sa lokang? Re bolelle. Rea thusa, 'me re e boloka e le lekunutu.
home-anyone = Mang kapa mang a ka tlaleha: motho, khamphani, sehlopha se seng. Ha u hloke akhaonto.
home-or-mail = Kapa u ngolle
home-sealed = Na ha ua lakatsa hore motho a tsebe hore ke uena, kapa hore ho bale ba 'maloa feela?
home-sealed-onion = Ka Tor Browser:
home-how = Se etsahalang ha u tlaleha
home-how-1 = U re bolella
home-how-1-text = Metsotso e mehlano, ka mantsoe a hau. Ke lipotso tse peli feela tse tlamehang ho arajoa.
home-how-2 = U fumana nomoro
home-how-2-text = Ka eona u bona seo re se etsang, 'me u ka bua le rona, le haeba u sa fana ka lebitso.
home-how-3 = Motho oa e bala
home-how-3-text = Rea e hlahloba, re kopanya ba ka e rarollang, 'me re u bolella hore na e felile joang.
home-open = Ofisi ea rona e butsoe hona joale
home-closed = Ofisi ea rona e koetsoe hona joale
form-opens = Seo u se romelang se bolokoa, 'me motho oa se bala ho tloha ka { $when }.
home-opens = Re bala hape ho tloha ka { $when }. U ka tlaleha ka nako efe kapa efe: seo u se romelang se bolokoa, 'me nako ea rona ea ho araba e qala ha re bula.
home-who = Re bo-mang
home-for = Bao re leng teng bakeng sa bona
home-confidential = Seo u re bolellang sona se lula le rona
home-confidential-text = Re fetisa feela se hlokahalang ho rarolla bothata, ho ba se hlokang feela, 'me re ngola nako le nako ha re etsa joalo. Rea eletsa; ha re fane ka litaelo.
home-doing = Re sebetsa hakae
home-doing-kept = Matsatsing a 90 a fetileng.
home-doing-of = { $share } % ea tse { $count }:
home-doing-target = Sepheo sa rona ke { $target } %. Ke sepheo, ha se tiisetso.

## The form: frame
form-place = Tlaleha ketsahalo · potso { $at } ho tse { $of }
form-back = Morao
form-continue = Tsoela pele
form-save = Boloka, u khutlele tlhahlobong
form-kept = Haeba u tloha, likarabo tsa hau li bolokoa hora e le 'ngoe.
form-forget = Lahla likarabo tsa ka
form-forgotten = Likarabo tsa hau li felile. Ha rea boloka letho la tsona.
form-over = Likarabo tsa hau li bolokiloe hora, 'me e fetile. Ka kopo, qala bocha.
form-unknown-title = Likarabo tsa hau ha li mona
form-unknown-text = Foromo ena e boloka likarabo tsa hau hora e le 'ngoe sebakeng seo browser ea hau feela e se fumanang, ka cookie e le 'ngoe. Browser ea hau ha ea romela cookie: hora e fetile, kapa ha e boloke li-cookie tsa sebaka sena.
form-unknown-typed = Seo u qetetseng ka ho se ngola se ntse se le leqepheng le ka morao: khutlela morao ka browser ea hau 'me u se kopitse. Joale lumella li-cookie tsa sebaka sena u qale bocha, kapa u re ngolle ka imeile.
form-unknown-begin = Qala bocha
form-optional = (ha e tlamehe)
form-trap = Tlohela sebaka sena se se na letho
form-change = Fetola

## Errors
form-error-title = Ho na le bothata
form-error-word = Phoso:
form-error-page = Phoso: { $title }
form-error-kind = Khetha se lumellanang haholo
form-error-description = Re bolelle se etsahetseng, ka mantsoe a 'maloa
form-error-long = Khutsufatsa hona: litlhaku tse { $limit } ho ea holimo
form-error-mail = Ngola aterese ea imeile joalo ka name@example.org, kapa u e tlohele e se na letho
form-error-fell = Khetha e 'ngoe ea likarabo, kapa u se ke ua khetha
form-error-ongoing = Khetha e 'ngoe ea likarabo, kapa u se ke ua khetha
form-error-told = Khetha e 'ngoe ea likarabo, kapa u se ke ua khetha
form-error-large = “{ $name }” e kholo ho feta { $size }. Ha ea bolokoa; likarabo tse ling tsa hau li bolokehile.
form-error-many = “{ $name }” e fetile palo: u ka eketsa lifaele tse { $most } ho ea holimo. Ha ea bolokoa; likarabo tse ling tsa hau li bolokehile.

## Question 1
form-title-kind = Ho etsahetse eng?
form-lead-kind = Khetha se lumellanang haholo. U ka eketsa ntho efe kapa efe hamorao, 'me u ka tlohela lebitso la hau.
form-kind-impersonation = Motho e mong o iketsa rona kapa khamphani eo re e tsebang
form-kind-impersonation-hint = Imeile, molaetsa, leqephe kapa mohala oa bohata o batlang li-password kapa chelete
form-kind-intrusion = Ho kenoe ka likhoka komporong, akhaontong kapa netwekeng
form-kind-intrusion-hint = Kapa u nahana joalo
form-kind-outage = Ho na le se khaolitseng ho sebetsa kapa se koahetsoeng ke moroallo
form-kind-outage-hint = Tlhaselo e imetsang tšebeletso, tšenyo ka boomo, ho khaoha ha tšebeletso
form-kind-data = Lintlha li lahlehile, li fetotsoe kapa li utloahetse kantle
form-kind-data-hint = Ka phoso kapa ka boomo
form-kind-weakness = Ho na le se butsoeng kapa se fokolang se ka sebelisoang hampe
form-kind-weakness-hint = Bofokoli, sesebelisoa seo mang kapa mang a ka se fihlelang, tšokelo
form-kind-other = Ho hong hosele, kapa ha ke na bonnete
form-kind-other-hint = Re bolelle ka mantsoe a hau
form-kind-advice = Ke na le potso feela
form-kind-advice-hint = Ha ho letho le etsahetseng, empa u ka rata ho eletsoa

## Question 2
form-title-tell = Re bolelle ka eona
form-title-tell-advice = U rata ho tseba eng?
form-lead-tell = Mantsoe a bonolo ke ona a molemo. Ka kopo, se ke ua ngola li-password mona.
form-q-description = Ka mantsoe a hau: ho etsahetse eng?
form-q-description-advice = Potso ea hau
form-q-description-hint = U bone eng? U entse eng ho tloha moo? Kopitsa 'me u kenye seo u nang le sona.
form-q-description-hint-advice = Ha re tseba haholoanyane ka boemo ba hau, keletso ea rona e ba molemo.
form-q-title = Sehlooho se sekhutšoane
form-q-title-hint = Mantsoe a 'maloa, hore u e fumane hape. Mohlala: Imeile ea bohata e tsoang posong
form-q-pretends = Ba iketsa mang?
form-q-used = Ba sebelisitse aterese efe ea inthanete, aterese efe ea imeile kapa nomoro efe ea mohala?
form-q-used-hint = E le 'ngoe moleng ka mong
form-q-fell = Na ho na le motho ea ba fileng password, kapa ea lefileng?
form-q-systems = Ke likomporo, li-akhaonto kapa linetweke life?
form-q-systems-hint = Mabitso, liaterese, kapa hore na ke tsa eng
form-q-service = Ke tšebeletso efe e sa sebetseng?
form-q-ongoing = Na e ntse e tsoela pele?
form-q-since = Ho tloha neng?
form-q-since-hint = Mohlala: 21 Pulungoana, hoo e ka bang ka 10 hoseng
form-q-data = Ke lintlha tsa mofuta ofe?
form-q-data-hint = Mohlala: liaterese tsa bareki, li-password, litokomane tsa bophelo. Ka kopo, se ke ua kenya lintlha ka botsona.
form-q-people = E ama batho ba ka bang bakae?
form-q-product = Ke sehlahisoa, sesebelisoa kapa aterese efe?
form-q-product-hint = Le mofuta (version), haeba u o tseba
form-q-told = Na moetsi kapa mong'a eona o se a boleletsoe?
form-a-yes = E
form-a-no = Che
form-a-unsure = Ha ke na bonnete

## Question 3
form-title-when = Neng, hona hokae?
form-lead-when = Tlohela seo u sa se tsebeng.
form-q-noticed = U e lemohile neng?
form-q-noticed-hint = Mohlala: 21 Pulungoana, 10:30, kapa “bekeng e fetileng”
form-q-where = E etsahala hokae?
form-q-where-hint = Sebaka, mokhatlo, lefapha
form-q-involved = Ke liaterese, mabitso kapa li-link life tse amehang?
form-q-involved-hint = Liaterese tsa IP, li-domain, li-link, liaterese tsa imeile: e le 'ngoe moleng ka mong. Link e ka ngoloa ka mokhoa o se nang kotsi, joalo ka hxxp://example[.]org

## Question 4
form-title-files = Na u na le lifaele tseo u ka re bontšang tsona?
form-lead-files = Litšoantšo tsa skrine, imeile ka boeona, li-log (lirekoto). Lifaele tse { $most } ho ea holimo, e 'ngoe e se fete { $size }. Re li boloka li koaletsoe, 'me ha li ipule le ka mohla.
form-files-so-far = Lifaele tse seng li le teng
form-remove = Tlosa
form-choose = Khetha lifaele
form-choose-more = Khetha lifaele tse ling
form-files-hint = U ka khetha tse 'maloa hang. U ka tlola potso ena.
form-too-big = Faele e 'ngoe e kholo ho feta { $size }. E ke ke ea bolokoa.
form-files-full = U kentse lifaele tsohle tseo re ka li amohelang ka tlaleho e le 'ngoe. U ka romela tse ling hamorao, leqepheng la tlaleho ea hau.
form-add = Eketsa lifaele tsena

## Question 5
form-title-urgency = Ho potlakile hakae?
form-lead-urgency = Tšoaea seo e leng 'nete. Ha ho bothata ha u sa tšoaee letho.
form-q-urgent = Ho potlakile
form-q-urgent-hint = Ho na le motho ea senyehelloang kapa ea utloisoang bohloko hona joale, kapa lihoreng tse 'maloa tse tlang
form-q-help = Ke hloka thuso ho sebetsana le eona
form-q-help-hint = Motho o tla u bolella hore na u ka etsa eng
form-q-wanted = U hloka eng haholo?
form-q-wanted-hint = Mohlala: hore leqephe le tlosoe, kapa ho tseba hore na u time komporo

## Question 6
form-title-contact = Re ka u fumana joang?
form-lead-contact = U ka tlohela tsena kaofela. Ntle le tsona re ke ke ra u ngolla, empa u ka latela tlaleho ea hau 'me ua bua le rona ka nomoro eo u e fumanang qetellong.
form-q-name = Lebitso la hau
form-q-mail = Aterese ea imeile
form-q-mail-hint = Re u romella rasiti le karabo ea rona
form-q-phone = Mohala
form-q-phone-hint = Le khoutu ea naha, ka kopo
form-q-organisation = Mokhatlo
form-q-organisation-hint = Haeba u tlaleha bakeng sa oona

## Check and receipt
form-left-out = { $count ->
    [one] Potso e le 'ngoe e tlotsoe
   *[other] Lipotso tse { $count } li tlotsoe
 }
form-check-files = Lifaele
form-check-kind = Taba ke ea eng
form-check-title = Hlahloba likarabo tsa hau
form-check-text = Ha u romela, { $team } e e fumana hang-hang 'me e e boloka e le lekunutu.
form-anonymous = Ha ua fana ka aterese ea imeile kapa mohala. Re ke ke ra u ngolla: boloka nomoro le link tseo u tla li fumana joale.
form-send = Romela tlaleho
form-received-title = Re fumane tlaleho ea hau
form-received-number = Nomoro ea hau
form-received-keep = Boloka link ena
form-received-keep-text = Mang kapa mang ea nang le eona a ka bala puisano ea rona ka tlaleho ena 'me a araba ka lebitso la hau. Se ke ua e fetisetsa.
form-received-hour = Leqephe lena le ka buloa hape nakong ea hora. Ka mor'a moo, ke link feela e isang tlalehong ea hau.
form-received-forget = Lebala rasiti ena sesebelisoeng sena
form-received-forgotten = Sesebelisoa sena ha se sa tseba rasiti ea hau. Tlaleho ea hau e bolokehile ho rona; nomoro le khoutu ea lekunutu, kapa link, li isa ho eona.
form-follow = Latela tlaleho ea hau
form-copy = Kopitsa link
form-copied = E kopitsitsoe
form-print = Hatisa leqephe lena
form-next = Se latelang
form-next-1 = Tlaleho ea hau e bolokehile
form-next-1-text = Rasiti e tseleng ho ea atereseng ea hau ea imeile. E ithomela ka boeona, 'me ha se karabo ea rona.
form-next-1-none = Ha ua fana ka aterese ea imeile, kahoo ha ho rasiti e romeloang: leqephe lena ke rasiti ea hau.
form-next-2 = Motho oa e bala
form-next-2-text = Kapele kamoo re ka khonang.
form-by = Ke hore, pele ho { $when } e feta.
form-next-3 = U utloa ho rona
form-next-3-text = Ka imeile, 'me kamehla leqepheng la tlaleho ea hau.
form-next-3-none = Leqepheng la tlaleho ea hau: khutla ka nomoro le link.
form-meanwhile = Seo u ka se etsang ha u ntse u emetse
